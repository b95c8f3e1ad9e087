using System.Diagnostics;
using System.Globalization;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Counters;

/// <summary>
/// SIGKILL at two hundred points of a process that decides from two threads: what it had admitted is charged, what is charged it had admitted
/// or was about to, and no budget is given out twice, over all its lives: buckets, with levels, of a plan and of tokens that are given back in part, budgets, sliding
/// windows and loops. A breaker that was open stays so.
/// </summary>
public sealed class KilledCountersTests
{
    private const int Kills = CrashKeys.Rounds - 1;

    /// <summary>Of so many starts one is killed by the clock, perhaps while it opens the file; the others after so many requests.</summary>
    private const int KilledEarlyOneIn = 8;

    private readonly long _begun = TimeProvider.System.GetTimestamp();

    [Fact]
    public async Task Kill_AtAnyPointUnderLoad_LosesNothingAndGivesNothingTwice()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TempFolder();
        using var record = new CrashRecord(folder.Combine("record"), CrashKeys.Count);
        var inFlight = new int[CrashKeys.Count];
        var next = Start(folder, 0);
        try
        {
            for (var round = 0; round < Kills; round++)
            {
                var child = next;
                Assert.Equal("ready", await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
                next = Start(folder, round + 1);
                await KillAsync(child, record, random);
                foreach (var key in record.TakeInFlight())
                {
                    inFlight[key]++;
                }

                Check(folder, new CrashScenario(round), record, inFlight, $"seed {seed} kill {round}");
            }
        }
        finally
        {
            next.Kill();
            next.Dispose();
        }

        Drain(folder, record, inFlight, $"seed {seed} at the end");
    }

    // Of tokens one a minute comes back, which is the slowest there is.
    private int Refilled(CrashKind kind) => kind == CrashKind.Tokens ? (int)TimeProvider.System.GetElapsedTime(_begun).TotalMinutes + 1 : 0;

    private static Process Start(TempFolder folder, int round)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(typeof(CrashChild).Assembly.Location);
        }

        start.Environment[CrashChild.FolderVariable] = folder.Combine("state");
        start.Environment[CrashChild.RecordVariable] = folder.Combine("record");
        start.Environment[CrashChild.RoundVariable] = round.ToString(CultureInfo.InvariantCulture);
        start.Environment[CrashScenario.DaysVariable] = CrashScenario.BudgetDays.ToString(CultureInfo.InvariantCulture);

        // Started two hundred times to run for some milliseconds each.
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }

    private static async Task KillAsync(Process child, CrashRecord record, Random random)
    {
        var before = record.Begun;
        await child.StandardInput.WriteLineAsync("go".AsMemory(), TestContext.Current.CancellationToken);
        await child.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        if (random.Next(KilledEarlyOneIn) == 0)
        {
            var until = TimeProvider.System.GetTimestamp() + (long)(random.NextDouble() * TimeProvider.System.TimestampFrequency / 50);
            while (TimeProvider.System.GetTimestamp() < until)
            {
                Thread.Yield();
            }
        }
        else
        {
            // From the first requests, which rescale everything, to many thousands.
            var target = before + (long)Math.Pow(2, random.NextDouble() * 14);
            var limit = TimeProvider.System.GetTimestamp() + (30 * TimeProvider.System.TimestampFrequency);
            while (record.Begun < target)
            {
                Assert.True(TimeProvider.System.GetTimestamp() < limit && !child.HasExited, "the child decides nothing");
                Thread.Yield();
            }
        }

        PosixSignals.Send(child.Id, PosixSignals.Kill);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        child.Dispose();
    }

    private void Check(TempFolder folder, CrashScenario scenario, CrashRecord record, int[] inFlight, string told)
    {
        using var store = CrashScenario.OpenStore(folder.Combine("state"), out var state);
        using var owner = state;
        Assert.True(store.IsPersistent, told);
        Assert.True(state.Problems.IsEmpty, $"{told}: {string.Join("; ", state.Problems)}");
        var engine = new DecisionEngine(store.Table);
        foreach (var key in CrashKeys.Of(scenario.Round))
        {
            // What a loop has counted nobody tells; it is used up at the end.
            var kind = CrashKeys.KindOf(key);
            if (kind is not (CrashKind.Loop or CrashKind.Breaker))
            {
                var (settled, underWay) = CrashKeys.CostOf(key);
                var seen = record.Seen(key) * settled;
                var charged = CrashKeys.QuotaOf(key) - scenario.LeftOf(engine, key, store.Clock.Now);
                Assert.True(
                    seen <= charged + Refilled(kind) && charged <= seen + (inFlight[key] * underWay),
                    $"{told} {kind} {key}: seen {seen}, charged {charged}, in flight {inFlight[key]}");
            }
            else if (kind == CrashKind.Breaker && record.Seen(CrashKeys.OpenedOf(key)) > 0)
            {
                Assert.True(
                    scenario.Explain(engine, key, store.Clock.Now).Reason == Reason.CircuitBreakerOpen, $"{told}: breaker {key} was open and is not");
            }
        }
    }

    // Whatever is left may still be had, and not one more.
    private void Drain(TempFolder folder, CrashRecord record, int[] inFlight, string told)
    {
        using var store = CrashScenario.OpenStore(folder.Combine("state"), out var state);
        using var owner = state;
        var engine = new DecisionEngine(store.Table);
        var scenario = new CrashScenario(Kills);
        for (var key = 0; key < CrashKeys.Count; key++)
        {
            var kind = CrashKeys.KindOf(key);
            if (kind == CrashKind.Opened)
            {
                continue;
            }

            var (settled, underWay) = CrashKeys.CostOf(key);
            var total = record.Seen(key) * settled;
            while (scenario.Decide(engine, key, store.Clock.Now, settles: false).Verdict == Verdict.Allow)
            {
                total += underWay;
            }

            // A breaker forgets in minutes what was spent before it opened, so that only of one that was seen open the sum is known.
            var quota = CrashKeys.QuotaOf(key);
            var isKnown = kind != CrashKind.Breaker || record.Seen(CrashKeys.OpenedOf(key)) > 0;
            Assert.True(
                !isKnown || (total <= quota + Refilled(kind) && total > quota - ((inFlight[key] + 1) * underWay)),
                $"{told} {kind} {key}: {total} of {quota}, in flight {inFlight[key]}");
        }
    }
}
