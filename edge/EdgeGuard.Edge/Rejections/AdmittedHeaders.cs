using EdgeGuard.Edge.Answers;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Rejections;

/// <summary>What the answer to an admitted request tells of the decision: its id, the tightest limit, and why it is marked or delayed.</summary>
internal sealed class AdmittedHeaders(EdgeOptions options, RateLimitHeaders limits, RequestTracing tracing)
{
    private readonly string _warning = options.HeaderPrefix + "Warning";

    /// <summary>Name of the header by which a gateway is told to delay a request.</summary>
    public string DelayHeader { get; } = options.HeaderPrefix + "Delay-Ms";

    /// <summary>Tells a gateway who the verified caller is, for it to hand on.</summary>
    public static void TellIdentity(IHeaderDictionary headers, in DecidedRequest decided)
    {
        foreach (var (name, value) in decided.Identity)
        {
            headers[name] = value;
        }
    }

    /// <summary>Tells a gateway what the answer to its client is to carry, where a bundle says so: of defaults it has its own.</summary>
    public static void TellAnswer(IHeaderDictionary headers, in DecidedRequest decided)
    {
        if (decided.Answer is { IsWritten: true } answer)
        {
            AnswerHeaders.Tell(headers, answer);
        }
    }

    /// <summary>Sets the headers.</summary>
    public void Set(IHeaderDictionary headers, in DecidedRequest decided)
    {
        tracing.Tell(headers, decided.Trace);
        limits.Set(headers, decided);
        if (decided.Decision.Warning != Warning.None)
        {
            headers[_warning] = Warnings.Name(decided.Decision.Warning);
        }
    }
}
