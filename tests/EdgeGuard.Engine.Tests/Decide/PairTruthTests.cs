using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Decide;

/// <summary>
/// The truth table of two limits: every kind of limiter with every outcome beside every other. The rules of the table, in words:
/// a request is refused if one that is enforced refuses; told is the refusal with the longest wait, of equal ones the first by policy id, and one
/// that no waiting helps before all; an admitted request is delayed by the longest delay, else marked if one marks; the first shadow that would
/// have refused is reported in any case; a refused request takes nothing anywhere, and an admitted one takes from each limit that agreed.
/// </summary>
public sealed class PairTruthTests
{
    private const string First = "a";
    private const string Second = "b";

    [Fact]
    public void EveryPair_IsToldAndTakenAsTheTableSays()
    {
        var wrong = new List<string>();
        var pairs = 0;
        foreach (var first in PairActor.All)
        {
            foreach (var second in PairActor.All)
            {
                pairs++;
                using var harness = new Harness(
                    Bundle.Compile(first.Policy(First, PairActor.DelayMilliseconds), second.Policy(Second, PairActor.DelayMilliseconds + 1)),
                    memoryBytes: 1 << 16);
                if (Difference(harness, first, second) is { } difference)
                {
                    wrong.Add($"{first.Kind} {first.Outcome} beside {second.Kind} {second.Outcome}: {difference}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{pairs} pairs");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Take(20)));
    }

    private static string? Difference(Harness harness, PairActor first, PairActor second)
    {
        Prepare(harness, first, First);
        Prepare(harness, second, Second);
        var decision = harness.Decide("GET both.test/", [.. first.Facts(First), .. second.Facts(Second)]);
        return Told(decision, first, second)
            ?? Taken(harness, decision, first, First)
            ?? Taken(harness, decision, second, Second);
    }

    // Uses up the limits that are to refuse, each through its own host.
    private static void Prepare(Harness harness, PairActor actor, string id)
    {
        if (actor.Outcome is PairOutcome.Refuses or PairOutcome.ShadowRefuses)
        {
            for (var i = 0; i < PairActor.Quota; i++)
            {
                Assert.True(Counted(harness.Decide($"GET {id}.test/", actor.OwnFacts(id)), actor));
            }
        }
    }

    private static string? Told(in Decision decision, PairActor first, PairActor second)
    {
        // Kept while it waits at least as long as the second: of equal ones the first is told.
        var told = first.Refusal != Reason.None && (second.Refusal == Reason.None || first.Wait >= second.Wait) ? first : second;
        var shadow = first.ShadowRefusal != Reason.None ? (0, first.ShadowRefusal) : (1, second.ShadowRefusal);
        var delay = first.Outcome == PairOutcome.Throttles ? PairActor.DelayMilliseconds : 0;
        delay = second.Outcome == PairOutcome.Throttles ? PairActor.DelayMilliseconds + 1 : delay;
        var warns = first.Outcome == PairOutcome.Warns || second.Outcome == PairOutcome.Warns;
        var verdict = told.Refusal != Reason.None ? Verdict.Reject : delay > 0 ? Verdict.Throttle : warns ? Verdict.Warn : Verdict.Allow;
        if (decision.Verdict != verdict || decision.Reason != told.Refusal)
        {
            return $"told {decision.Verdict} {decision.Reason}, not {verdict} {told.Refusal}";
        }

        if (verdict == Verdict.Reject && decision.Policy != (ReferenceEquals(told, first) ? 0 : 1))
        {
            return $"told policy {decision.Policy}";
        }

        if (verdict == Verdict.Reject && decision.RetryAfterSeconds != (told.Wait == int.MaxValue ? 1 : told.Wait))
        {
            return $"told to wait {decision.RetryAfterSeconds} s";
        }

        if (verdict != Verdict.Reject && decision.DelayMilliseconds != delay)
        {
            return $"told to delay {decision.DelayMilliseconds} ms, not {delay}";
        }

        return decision.ShadowReason == shadow.Item2 && (shadow.Item2 == Reason.None || decision.ShadowPolicy == shadow.Item1)
            ? null
            : $"told shadow {decision.ShadowPolicy} {decision.ShadowReason}, not {shadow}";
    }

    // What is left is found by using it up.
    private static string? Taken(Harness harness, in Decision decision, PairActor actor, string id)
    {
        var before = actor.Outcome is PairOutcome.Refuses or PairOutcome.ShadowRefuses ? 0 : PairActor.Quota;
        var takes = decision.IsAdmitted && (actor.Takes || actor.Outcome == PairOutcome.MissingShared);
        var left = 0;
        while (left <= PairActor.Quota && Counted(harness.Decide($"GET {id}.test/", actor.OwnFacts(id)), actor))
        {
            left++;
        }

        return left == before - (takes ? 1 : 0) ? null : $"{id} has {left} left of {before}";
    }

    private static bool Counted(in Decision decision, PairActor actor) =>
        actor.IsShadow ? decision.ShadowReason == Reason.None : decision.IsAdmitted;
}
