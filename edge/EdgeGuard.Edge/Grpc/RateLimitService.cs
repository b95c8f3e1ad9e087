using EdgeGuard.Edge.Bounds;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Grpc.Envoy.Core;
using EdgeGuard.Edge.Grpc.Envoy.RateLimit;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Rejections;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Engine.Decide;
using Google.Protobuf;

namespace EdgeGuard.Edge.Grpc;

/// <summary>
/// <c>envoy.service.ratelimit.v3.RateLimitService</c>: a request described by Envoy's descriptors. Each descriptor is decided on as a request of its
/// own (<see cref="DescriptorRequests"/>), and all of them take or none does.
/// </summary>
internal sealed class RateLimitService(
    DecisionPipeline pipeline,
    RequestBounds bounds,
    DescriptorRequests descriptors,
    DecisionEngine engine,
    EdgeClock clock,
    HoldQueue holds,
    ExplainStore explain,
    RejectionWriter rejections,
    AdmittedHeaders admitted)
{
    public const string Path = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";

    /// <summary>Most descriptors of a request; Envoy's configurations have a handful.</summary>
    public const int MaxDescriptors = 64;

    public async Task ShouldRateLimitAsync(HttpContext call)
    {
        var request = await GrpcCall.ReadAsync(call, RateLimitRequest.Parser);
        var turns = new List<DescriptorTurn>();
        try
        {
            await DecideAsync(call, request, turns);
            await GrpcCall.WriteAsync(call, await AnswerAsync(turns));
        }
        finally
        {
            foreach (var turn in turns)
            {
                await turn.Told.DisposeAsync();
            }
        }
    }

    private async Task DecideAsync(HttpContext call, RateLimitRequest request, List<DescriptorTurn> turns)
    {
        // None, or more than anybody configures, is nothing to decide on: refused as any request that cannot be read, since Envoy lets errors pass.
        var isReadable = request.Descriptors.Count is > 0 and <= MaxDescriptors;
        IEnumerable<RateLimitDescriptor> all = isReadable ? request.Descriptors : [new RateLimitDescriptor()];
        var snapshot = pipeline.Current;
        try
        {
            foreach (var descriptor in all)
            {
                var told = descriptors.Read(call, request.Domain, descriptor, out var original);
                var hits = DescriptorRequests.Hits(request, descriptor);
                var turn = new DescriptorTurn(told, IsPeek: hits == 0);
                turns.Add(turn);
                var place = pipeline.PlaceOf(told.Context, forwarding: false) with
                {
                    ExtraHits = hits == 0 ? 0 : hits - 1,
                    Returnable = turn.IsPeek || request.Descriptors.Count > 1,
                };
                turn.Decided = isReadable && bounds.Find(told.Context, snapshot, original)?.Refusal is { } tooLarge
                    ? pipeline.Refuse(told.Context, snapshot, original, tooLarge)
                    : await pipeline.DecideAsync(told.Context, snapshot, isReadable ? original : OriginalRequest.Malformed, place);
            }

            Settle(turns);
        }
        catch
        {
            GiveBack(turns);
            throw;
        }
    }

    // All or none: what the others took is given back when one is refused.
    private void Settle(List<DescriptorTurn> turns)
    {
        foreach (var turn in turns)
        {
            if (turns.Exists(other => !other.Decided.Decision.IsAdmitted))
            {
                GiveBack(turns);
                return;
            }

            if (turn.IsPeek)
            {
                GiveBack(turn);
            }
            else if (!holds.TryHold(turn.Decided))
            {
                turn.Decided = turn.Decided with { Decision = ThrottleGate.Refusal(turn.Decided.Decision) };
                explain.RecordLate(turn.Decided, turn.Told.Context.Door());
            }
        }
    }

    private void GiveBack(List<DescriptorTurn> turns) => turns.ForEach(GiveBack);

    private void GiveBack(DescriptorTurn turn)
    {
        engine.Finish(turn.Decided.Admission, Engine.Decide.Ending.NotForwarded, clock.Now);
        turn.Decided.Delivery?.Release();
    }

    private async Task<RateLimitResponse> AnswerAsync(List<DescriptorTurn> turns)
    {
        var telling = DescriptorTurn.Telling(turns);
        var decided = telling.Decided;
        var answer = new RateLimitResponse
        {
            OverallCode = DescriptorTurn.CodeOf(decided),
            Statuses = { turns.Select(turn => turn.Status()) },
            DynamicMetadata = DecisionMetadata.Of(decided),
        };
        if (decided.Decision.IsAdmitted)
        {
            admitted.Set(telling.Told.Context.Response.Headers, decided);
            answer.RequestHeadersToAdd.Add(turns.SelectMany(turn => turn.Decided.Identity).Select(header => new HeaderValue { Key = header.Key, Value = header.Value }));
        }
        else
        {
            await rejections.WriteAsync(telling.Told.Context, decided);
            await telling.Told.CompleteAsync();
            answer.RawBody = ByteString.CopyFrom(telling.Told.Answer);
        }

        foreach (var (name, values) in telling.Told.Context.Response.Headers)
        {
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                answer.ResponseHeadersToAdd.Add(values.Select(value => new HeaderValue { Key = name, Value = value ?? string.Empty }));
            }
        }

        return answer;
    }
}
