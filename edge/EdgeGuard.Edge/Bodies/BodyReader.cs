using EdgeGuard.Edge.Metrics;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts.Tokens;
using EdgeGuard.Options;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGuard.Edge.Bodies;

/// <summary>
/// Reads as much of a request's body as its policies look at, before it is decided on, and puts it back for whoever forwards it. Bounded in length, in
/// time and in memory over all requests.
/// </summary>
internal sealed class BodyReader(EdgeOptions options, BodyBudget budget, TokenCounters vocabularies, TimeProvider time) : IMetricSource
{
    /// <summary>Set by Envoy when it sends the beginning of a body only (<c>allow_partial_message</c>).</summary>
    private const string PartialHeader = "x-envoy-auth-partial-body";

    private readonly CounterSet _outcomes = new("outcome");

    /// <summary>Reads.</summary>
    /// <param name="context">Request whose body it is.</param>
    /// <param name="limit">Most bytes that are looked at, above 0.</param>
    /// <param name="forwarding">Whether no body means an empty one: a gateway may keep the body to itself.</param>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public ValueTask<BodyReading> ReadAsync(HttpContext context, int limit, bool forwarding) => ReadAsync(context, limit, forwarding, limit);

    /// <summary>Reads, when not everybody who looks at the bytes looks inside.</summary>
    /// <param name="context">Request whose body it is.</param>
    /// <param name="limit">Most bytes that are looked at, above 0.</param>
    /// <param name="forwarding">Whether no body means an empty one: a gateway may keep the body to itself.</param>
    /// <param name="decoded">Most bytes of the content, when it comes compressed; 0 leaves it as it is.</param>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async ValueTask<BodyReading> ReadAsync(HttpContext context, int limit, bool forwarding, int decoded)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return forwarding ? new BodyReading(new RequestBody(budget, vocabularies) { IsWhole = true, DeclaredLength = 0 }, null) : BodyReading.None;
        }

        var request = context.Request;
        var body = new RequestBody(budget, vocabularies) { DeclaredLength = request.ContentLength };
        context.Response.RegisterForDispose(body);
        switch (await FillAsync(context, body, limit))
        {
            case Filling.Whole:
                body.IsWhole = true;
                break;
            case Filling.Partial:
                break;
            case Filling.NoMemory:
                return Shed();
            case Filling.TimedOut:
                _outcomes.Add("timed_out");
                return BodyReading.Refused(Reason.MalformedRequest, StatusCodes.Status408RequestTimeout);
            default:
                _outcomes.Add("malformed");
                return BodyReading.Refused(Reason.MalformedRequest, StatusCodes.Status400BadRequest);
        }

        if (!forwarding && request.Headers[PartialHeader] is ["true"])
        {
            body.IsWhole = false;
        }

        // Of a coded body that is not all there nothing can be told.
        if (body.IsWhole && decoded > 0 && BodyDecoder.IsCoded(request.Headers.ContentEncoding)
            && !BodyDecoder.TryDecode(body, request.Headers.ContentEncoding, decoded, budget))
        {
            return Shed();
        }

        _outcomes.Add(!body.IsWhole ? "too_large" : body.IsOpaque ? "opaque" : "read");
        request.Body = new ReplayStream(body, request.Body);
        return new BodyReading(body, null);
    }

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        _outcomes.Write(writer, "edgeguard_bodies_total", "Request bodies that policies look at, by what came of reading them.");
        writer.Single("edgeguard_bodies_bytes", "gauge", "Memory of request bodies that are kept now.", budget.Used);
    }

    private async ValueTask<Filling> FillAsync(HttpContext context, RequestBody body, int limit)
    {
        using var patience = new CancellationTokenSource(options.Bodies.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            // One byte beyond the bound tells a body that is longer from one that just fits.
            while (body.Raw.Length <= limit)
            {
                var room = body.Raw.Room(limit + 1);
                if (room.IsEmpty)
                {
                    return Filling.NoMemory;
                }

                var count = await context.Request.Body.ReadAsync(room, either.Token);
                if (count == 0)
                {
                    return Filling.Whole;
                }

                body.Raw.Advance(count);
            }

            return Filling.Partial;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            return Filling.TimedOut;
        }
        catch (BadHttpRequestException failure)
        {
            return failure.StatusCode == StatusCodes.Status408RequestTimeout ? Filling.TimedOut : Filling.Malformed;
        }
    }

    private BodyReading Shed()
    {
        _outcomes.Add("shed");
        return BodyReading.Refused(Reason.OverloadShed, StatusCodes.Status503ServiceUnavailable);
    }

    private enum Filling : byte
    {
        Whole,
        Partial,
        NoMemory,
        TimedOut,
        Malformed,
    }
}
