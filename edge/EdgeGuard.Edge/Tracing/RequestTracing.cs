using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Options;
using Microsoft.Net.Http.Headers;

namespace EdgeGuard.Edge.Tracing;

/// <summary>Names every decision, tells the name to whoever is answered, and hands the trace on.</summary>
internal sealed class RequestTracing(EdgeOptions options)
{
    private const long Million = 1_000_000;
    private readonly ulong _sampledBelow = (ulong)((UInt128)(1UL << 56) * (ulong)options.TraceSamplePerMillion / Million);

    /// <summary>Name of the header that carries the decision's id.</summary>
    public string IdHeader { get; } = options.HeaderPrefix + "Decision-Id";

    /// <summary>Names one decision. Whatever the client sent chooses nothing but the trace that it is linked to.</summary>
    public RequestTrace Name<THead>(in THead head)
        where THead : IRequestHead
    {
        // Repeated, it is as good as unreadable: nobody can tell which one is meant.
        var context = head.CountOf(HeaderNames.TraceParent) == 1 && TraceContext.TryContinue(head.LineOf(HeaderNames.TraceParent, 0), out var continued) ? continued : TraceContext.Begin(_sampledBelow);
        return new RequestTrace(DecisionId.New(), context);
    }

    /// <summary>Tells the id, over what an upstream may have sent under that name.</summary>
    public void Tell(IHeaderDictionary headers, in RequestTrace trace) => headers[IdHeader] = trace.Id.ToString();

    /// <summary>
    /// Sets what the upstream is told. State belongs to the trace that it came with: it goes on unchanged with it, and not at all with another.
    /// </summary>
    public static void Forward(IHeaderDictionary headers, in RequestTrace trace)
    {
        headers.TraceParent = trace.Context.ToHeader();
        if (!trace.Context.IsContinued)
        {
            headers.Remove("tracestate");
        }
    }
}
