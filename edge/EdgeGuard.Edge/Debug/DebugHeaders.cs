using System.Globalization;
using System.Text;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Explain;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Debug;

/// <summary>
/// Says in headers how a request of a debug session was decided: those of the peer, and a few more. Descriptors are named; of their values
/// only the keyed hash is told, the same that <c>edgeguard explain</c> shows, because answers end up in logs.
/// </summary>
internal sealed class DebugHeaders(EdgeOptions options, DebugSessions sessions, ExplainStore explain)
{
    private const int MaxDescriptors = 16;
    private const int MaxValue = 256;

    private readonly string _prefix = options.HeaderPrefix;
    private readonly string _debug = options.HeaderPrefix + "Debug-";

    /// <summary>Sets the headers when the request belongs to a session.</summary>
    public void Tell(HttpContext context, in DecidedRequest decided)
    {
        if (sessions.IsEnabled && context.Features.Get<DebugSession>() is not null && explain.Find(decided.Trace.Id) is { } recorded)
        {
            Write(context.Response.Headers, StoryBuilder.Build(recorded));
        }
    }

    private void Write(IHeaderDictionary headers, DecisionStory story)
    {
        var mode = story.Shadow is null ? "enforce" : "shadow";
        var micros = story.DurationMicroseconds?.ToString("0.###", CultureInfo.InvariantCulture);
        headers[_prefix + "Decision"] = story.Verdict;
        headers[_prefix + "Mode"] = mode;
        Set(headers, _prefix + "Latency-Us", micros);
        Set(headers, _debug + "Decision", story.Verdict);
        Set(headers, _debug + "Mode", mode);
        Set(headers, _debug + "Latency-Us", micros);
        Set(headers, _debug + "Reason", story.Reason ?? story.Shadow?.Reason);
        Set(headers, _debug + "Policy", story.Policy ?? story.Shadow?.Policy);
        Set(headers, _debug + "Rule", story.Rule ?? story.Shadow?.Rule);
        Set(headers, _debug + "Route", story.Route);
        Set(headers, _debug + "Kill-Switch", story.KillSwitches.Matched);
        Set(headers, _debug + "Limit", story.Limit?.ToString(CultureInfo.InvariantCulture));
        Set(headers, _debug + "Remaining", story.Remaining?.ToString(CultureInfo.InvariantCulture));
        Set(headers, _debug + "Bundle-Version", story.BundleVersion.ToString(CultureInfo.InvariantCulture));
        Set(headers, _debug + "Trace-Id", story.Trace?.TraceId);
        Set(headers, _debug + "Matched-Policies", string.Join(',', story.Steps.Select(step => step.Policy).Distinct(StringComparer.Ordinal)));
        var descriptors = story.Steps.SelectMany(step => step.Descriptors).DistinctBy(descriptor => descriptor.Key)
            .OrderBy(descriptor => descriptor.Key, StringComparer.Ordinal).Take(MaxDescriptors);
        foreach (var (index, descriptor) in descriptors.Index())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{_debug}Descriptor-{index + 1}-");
            Set(headers, name + "Key", descriptor.Key);
            Set(headers, name + "Value", descriptor.ValueHash is null ? descriptor.State : "#" + descriptor.ValueHash);
        }

        // A shared cache would show them to somebody else.
        headers.CacheControl = "no-store";
    }

    private static void Set(IHeaderDictionary headers, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            headers[name] = Printable(value);
        }
    }

    // Names come from a bundle and may be in any script; a header is printable ASCII.
    private static string Printable(string value)
    {
        var text = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(value))
        {
            if (text.Length >= MaxValue)
            {
                break;
            }

            _ = b is >= 0x20 and <= 0x7e and not (byte)'%' ? text.Append((char)b) : text.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
