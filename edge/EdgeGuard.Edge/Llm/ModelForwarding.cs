using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Bodies;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Usage;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Llm;

/// <summary>What an admitted request to a provider of models becomes before it is forwarded: with the provider's key, and asking for its usage.</summary>
internal sealed class ModelForwarding(ProviderKeys keys, UsageWatch usage)
{
    private const string KeyParameter = "key";
    private const string Deployments = "/openai/deployments/";

    // Everything that a provider could take for a key of its client. With a key of the edge none of them leaves.
    private static readonly string[] Credentials = ["Authorization", "x-api-key", "api-key", "x-goog-api-key"];

    /// <summary>Prepares a request, and returns the target that is forwarded.</summary>
    public string? Prepare(HttpContext context, Exchange exchange)
    {
        var decided = exchange.Decided;
        if (decided.Models is not { IsTools: false } route)
        {
            return decided.Target;
        }

        usage.Begin(exchange);
        AskForUsage(context.Request, exchange, route, decided.Body);

        // The key goes where its own policy sends the request, and nowhere else: another policy may name the cluster.
        return route.Policy == decided.Decision.MatchedPolicy && keys.Find(decided.Snapshot, route.Provider!) is { } key
            ? PutKey(context.Request.Headers, route.Format, key, decided.Target)
            : decided.Target;
    }

    /// <summary>A target without the parameters that a provider reads a key from.</summary>
    public static string? WithoutKey(string? target)
    {
        var start = target?.IndexOf('?', StringComparison.Ordinal) ?? -1;
        if (target is null || start < 0)
        {
            return target;
        }

        var kept = new StringBuilder(target.Length);
        foreach (var range in target.AsSpan(start + 1).Split('&'))
        {
            var pair = target.AsSpan(start + 1)[range];
            var equals = pair.IndexOf('=');
            var name = Uri.UnescapeDataString((equals < 0 ? pair : pair[..equals]).ToString());
            if (!name.Equals(KeyParameter, StringComparison.OrdinalIgnoreCase))
            {
                kept.Append(kept.Length == 0 ? '?' : '&').Append(pair);
            }
        }

        return string.Concat(target.AsSpan(0, start), kept.ToString());
    }

    private static string? PutKey(IHeaderDictionary headers, LlmFormat format, string key, string? target)
    {
        foreach (var name in Credentials)
        {
            headers.Remove(name);
        }

        switch (format)
        {
            case LlmFormat.Anthropic:
                headers["x-api-key"] = key;
                break;
            case LlmFormat.Gemini:
                headers["x-goog-api-key"] = key;
                break;
            default:
                PutOpenAiKey(headers, key, target);
                break;
        }

        return WithoutKey(target);
    }

    // Azure's deployments take keys in a header of their own; as a bearer they would take it for a token of their directory.
    private static void PutOpenAiKey(IHeaderDictionary headers, string key, string? target)
    {
        if (target?.Contains(Deployments, StringComparison.Ordinal) == true)
        {
            headers["api-key"] = key;
            return;
        }

        headers.Authorization = "Bearer " + key;
    }

    // What is compressed, or longer than was read, is forwarded as it came.
    private static void AskForUsage(HttpRequest request, Exchange exchange, ModelRoute route, RequestBody? body)
    {
        if (!exchange.WantsUsage || !route.IncludeStreamUsage || route.Format != LlmFormat.OpenAi || body is not { IsWhole: true }
            || BodyDecoder.IsCoded(request.Headers.ContentEncoding) || !IsCompletions(exchange.Decided.Target))
        {
            return;
        }

        if (StreamUsageOption.Find(body.Raw.Span) is { } edit && body.TryEdit(edit.Position, edit.Removed, edit.Inserted))
        {
            exchange.HidesUsage = true;
            if (request.ContentLength is { } length)
            {
                request.ContentLength = length - edit.Removed + edit.Inserted.Length;
            }
        }
    }

    private static bool IsCompletions(string? target)
    {
        var path = target.AsSpan();
        var query = path.IndexOf('?');
        return (query < 0 ? path : path[..query]).EndsWith("/completions", StringComparison.Ordinal);
    }
}
