using EdgeGuard.Edge.Grpc.Envoy.RateLimit;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Decide;
using Google.Protobuf.WellKnownTypes;
using Code = EdgeGuard.Edge.Grpc.Envoy.RateLimit.RateLimitResponse.Types.Code;
using Unit = EdgeGuard.Edge.Grpc.Envoy.RateLimit.RateLimitResponse.Types.RateLimit.Types.Unit;

namespace EdgeGuard.Edge.Grpc;

/// <summary>One descriptor of a request, and what was decided on it.</summary>
/// <param name="Told">The descriptor as a request.</param>
/// <param name="IsPeek">Whether it is only asked and takes nothing.</param>
internal sealed record DescriptorTurn(ToldRequest Told, bool IsPeek)
{
    /// <summary>What was decided; a rejection until then.</summary>
    public DecidedRequest Decided { get; set; }

    /// <summary>The one that the client is told of: the refused one with the longest wait, or else the one of which the smallest share is left.</summary>
    public static DescriptorTurn Telling(List<DescriptorTurn> turns)
    {
        var refused = turns.Where(turn => !turn.Decided.Decision.IsAdmitted).ToList();
        return refused.Count > 0
            ? refused.MaxBy(turn => turn.Decided.Decision.RetryAfterSeconds)!
            : turns.MinBy(turn => turn.Decided.Decision is { HasLimit: true } decision ? (double)decision.Remaining / Math.Max(1, decision.Limit) : double.MaxValue)!;
    }

    /// <summary>Over the limit, or not.</summary>
    public static Code CodeOf(in DecidedRequest decided) => decided.Decision.IsAdmitted ? Code.Ok : Code.OverLimit;

    /// <summary>What is told of this descriptor: its limit by name, and what is left of it.</summary>
    public RateLimitResponse.Types.DescriptorStatus Status()
    {
        var (decision, snapshot) = (Decided.Decision, Decided.Snapshot);
        var status = new RateLimitResponse.Types.DescriptorStatus { Code = CodeOf(Decided) };
        if (!decision.HasLimit || decision.LimitIndex == Decision.None || decision.Policy == Decision.None || decision.Rule == Decision.None)
        {
            return status;
        }

        var (quota, window) = snapshot.LimitQuota(decision.LimitIndex);
        status.CurrentLimit = new RateLimitResponse.Types.RateLimit
        {
            Name = snapshot.PolicyId(decision.Policy) + "/" + snapshot.RuleName(decision.Rule),
            RequestsPerUnit = (uint)Math.Clamp(quota, 0, uint.MaxValue),
            Unit = UnitOf(window),
        };
        status.LimitRemaining = (uint)Math.Clamp(decision.Remaining, 0, uint.MaxValue);
        status.DurationUntilReset = new Duration { Seconds = decision.ResetSeconds };
        return status;
    }

    // Envoy has no name for any other window.
    private static Unit UnitOf(int seconds) => seconds switch
    {
        1 => Unit.Second,
        60 => Unit.Minute,
        3600 => Unit.Hour,
        86_400 => Unit.Day,
        604_800 => Unit.Week,
        _ => Unit.Unknown,
    };
}
