using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Decide;

/// <summary>
/// The truth table of guards: every outcome of loop detection, circuit breaker, adaptive concurrency, kill switch, share and trial beside every outcome
/// of a limit and of each other, in both orders. The rules of the table, in words, from what each of the two says alone: a kill switch goes before all and
/// nothing else is looked at; else a request is refused if one of them refuses, told is the refusal with the longest wait, of equal ones the first by
/// policy id; an admitted request is delayed by the longest delay, else marked if one marks; the first shadow that would have refused is reported, and all
/// disagreements of trials are counted; an admitted request leaves both as it would have left each alone; a refused one leaves nothing behind, but
/// that a guard or rule which alone refuses it keeps what its own refusal changes (an opened breaker, the limit on trial).
/// </summary>
public sealed class GuardTruthTests
{
    private static readonly string[] Ids = ["a", "b"];

    [Fact]
    public void EveryGuard_OnItsOwn_SaysWhatItsNameSays()
    {
        foreach (var side in TruthSide.Guards)
        {
            var alone = Alone.Of(side, "a");
            Assert.True(side.Expected == (alone.Decision.Reason, alone.Decision.ShadowReason), $"{side.Name} says {alone.Decision.Reason} {alone.Decision.ShadowReason}");
            Assert.Equal(side.Guard == GuardOutcome.LoopWarns, alone.Decision.Verdict == Verdict.Warn);
            Assert.Equal(side.Guard == GuardOutcome.LoopThrottles, alone.Decision.Verdict == Verdict.Throttle);
        }
    }

    [Fact]
    public void EveryPairWithAGuard_IsToldAndTakenAsTheTableSays()
    {
        var alone = Ids.ToDictionary(id => id, id => TruthSide.Guards.Concat(TruthSide.Limits).ToDictionary(side => side, side => Alone.Of(side, id)));
        var wrong = new List<string>();
        var pairs = 0;
        foreach (var guard in TruthSide.Guards)
        {
            foreach (var other in TruthSide.Guards.Concat(TruthSide.Limits))
            {
                foreach (var (first, second) in ((TruthSide, TruthSide)[])[(guard, other), (other, guard)])
                {
                    pairs++;
                    if (Difference(first, second, alone["a"][first], alone["b"][second]) is { } difference)
                    {
                        wrong.Add($"{first.Name} beside {second.Name}: {difference}");
                    }
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{pairs} pairs");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {pairs}\n" + string.Join("\n", wrong.Take(20)));
    }

    private static string? Difference(TruthSide first, TruthSide second, Alone a, Alone b)
    {
        using var harness = Start((first, "a"), (second, "b"));
        var decision = harness.Decide("GET both.test/", [.. first.Facts("a"), .. second.Facts("b")]);
        var futures = Futures(harness, (first, "a"), (second, "b"));
        return Told(in decision, in a.Decision, in b.Decision)
            ?? Left(decision.IsAdmitted, a, b.Decision.IsAdmitted, futures[0], "the first")
            ?? Left(decision.IsAdmitted, b, a.Decision.IsAdmitted, futures[1], "the second");
    }

    private static string? Told(in Decision decision, in Decision a, in Decision b)
    {
        var kill = a.Reason == Reason.KillSwitch || b.Reason == Reason.KillSwitch;
        var told = kill ? (a.Reason == Reason.KillSwitch ? a : b)
            : !a.IsAdmitted && (b.IsAdmitted || Wait(in a) >= Wait(in b)) ? a
            : b;
        if (!told.IsAdmitted)
        {
            if ((decision.Verdict, decision.Reason, decision.Status, decision.RetryAfterSeconds) != (Verdict.Reject, told.Reason, told.Status, told.RetryAfterSeconds))
            {
                return $"told {decision.Verdict} {decision.Reason} {decision.RetryAfterSeconds} s, not {told.Reason} {told.RetryAfterSeconds} s";
            }
        }
        else
        {
            var delay = Math.Max(a.DelayMilliseconds, b.DelayMilliseconds);
            var marked = a.Verdict == Verdict.Warn || b.Verdict == Verdict.Warn;
            var verdict = delay > 0 ? Verdict.Throttle : marked ? Verdict.Warn : Verdict.Allow;
            if ((decision.Verdict, decision.DelayMilliseconds) != (verdict, delay))
            {
                return $"told {decision.Verdict} {decision.Reason} {decision.DelayMilliseconds} ms, not {verdict} {delay} ms";
            }
        }

        var shadow = kill ? Reason.None : a.ShadowReason != Reason.None ? a.ShadowReason : b.ShadowReason;
        var disagreements = kill ? 0 : a.Disagreements + b.Disagreements;
        return (decision.ShadowReason, decision.Disagreements) == (shadow, disagreements)
            ? null
            : $"told shadow {decision.ShadowReason} and {decision.Disagreements} disagreements, not {shadow} and {disagreements}";
    }

    private static string? Left(bool admitted, Alone side, bool otherAdmits, string future, string which)
    {
        var expected = admitted || (!side.Decision.IsAdmitted && otherAdmits) ? side.After : side.Before;
        return future == expected ? null : $"{which} goes on with\n  {future}\nnot\n  {expected}";
    }

    // Longer than any for what no waiting helps.
    private static int Wait(in Decision decision) =>
        decision.Reason is Reason.DescriptorMissing or Reason.IdentityInvalid ? int.MaxValue : decision.RetryAfterSeconds;

    private static Harness Start(params (TruthSide Side, string Id)[] sides)
    {
        var harness = new Harness(Bundle.Compile([.. sides.Select(entry => entry.Side.Policy(entry.Id))]), memoryBytes: 1 << 16);

        // The time that one has to wait passes for all, before the others begin: what is told of a window depends on the hour.
        foreach (var (side, id) in sides.Where(entry => entry.Side.WaitsFirst))
        {
            side.Prepare(harness, id);
        }

        harness.Advance(TruthSide.FirstWait);
        foreach (var (side, id) in sides.Where(entry => !entry.Side.WaitsFirst))
        {
            side.Prepare(harness, id);
        }

        harness.Snapshot = harness.Snapshot.WithPushedKillSwitches([.. sides.Select(entry => entry.Side.Kill(entry.Id)).OfType<Bundles.Model.KillSwitchDefinition>()]);
        return harness;
    }

    // What the next requests to each alone get: all that can be known of what was taken. And again once the minute of a breaker has passed.
    private static string[] Futures(Harness harness, params (TruthSide Side, string Id)[] sides)
    {
        var futures = sides.Select(entry => string.Join(", ", Enumerable.Range(0, 6).Select(_ => entry.Side.Ask(harness, entry.Id)))).ToArray();
        harness.Advance(70);
        return [.. sides.Select((entry, i) => $"{futures[i]}; {entry.Side.Ask(harness, entry.Id)}, {entry.Side.Ask(harness, entry.Id)}")];
    }

    /// <summary>What a side says and does when nothing is beside it.</summary>
    /// <param name="Decision">The answer to the request of the pair.</param>
    /// <param name="Before">What comes next if that request never was.</param>
    /// <param name="After">What comes next after it.</param>
    private sealed record Alone(Decision Decision, string Before, string After)
    {
        public readonly Decision Decision = Decision;

        public static Alone Of(TruthSide side, string id)
        {
            using var untouched = Start((side, id));
            using var asked = Start((side, id));
            var decision = asked.Decide("GET both.test/", [.. side.Facts(id)]);
            return new Alone(decision, Futures(untouched, (side, id))[0], Futures(asked, (side, id))[0]);
        }
    }
}
