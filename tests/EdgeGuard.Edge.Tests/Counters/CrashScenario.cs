using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Counters;
using EdgeGuard.Edge.State;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Tests.Counters;

/// <summary>
/// What the process that is killed and the one that looks afterwards agree on: a few keys that are asked for all the time and, in each round,
/// some that nobody has asked for before. The rate differs from round to round, so that every counter is rescaled after every start.
/// </summary>
internal sealed class CrashScenario
{
    public const int HotKeys = 8;
    public const int ColdKeysPerRound = 20;
    public const int HotBurst = 100_000;
    public const int ColdBurst = 3;

    /// <summary>So much that no set is ever full: a newcomer to a full set is charged elsewhere, which nobody could tell from a loss.</summary>
    public const long MemoryBytes = 8 * 1024 * 1024;

    private readonly FactSet _facts = new();
    private readonly byte[] _name = new byte[8];

    public CrashScenario(int round)
    {
        Round = round;

        // So slow that nothing refills in the time of a test, and so fast that a full bucket is exact: one that takes more than 36 years to fill is
        // counted in units of several nanoseconds and rounded against the client, which an untouched key would show as a charge of 1.
        var rate = round % 2 == 0 ? 0.0001 : 0.0003;
        Snapshot = PolicySnapshot.Empty.WithPolicy(PolicyCompiler.Compile(
            new PolicyDocument
            {
                Format = DocumentFormat.Native,
                BundleVersion = 1,
                Policies =
                [
                    new PolicyDefinition
                    {
                        Id = "p",
                        Selector = new SelectorDefinition { PathPrefix = "/" },
                        Rules = [Rule("hot", rate, HotBurst), Rule("cold", rate, ColdBurst)],
                    },
                ],
            },
            "digest"));
    }

    public int Round { get; }

    public PolicySnapshot Snapshot { get; }

    /// <summary>The key of so many of the round.</summary>
    public int ColdKey(int number) => HotKeys + (Round * ColdKeysPerRound) + number;

    public static int BurstOf(int key) => key < HotKeys ? HotBurst : ColdBurst;

    public static CounterStore OpenStore(string folder, out StateDirectory state)
    {
        state = StateDirectory.Open(folder, ephemeral: false);
        return CounterStore.Open(state, MemoryBytes, TimeProvider.System, LinuxBootClock.TryCreate()!);
    }

    public Decision Decide(DecisionEngine engine, int key, EngineTime now)
    {
        Fill(key);
        return engine.Decide(Snapshot, new RequestView("GET"u8, default, "/"u8, _facts), now, out _);
    }

    /// <summary>Tokens that are left of a key's bucket.</summary>
    public long LeftOf(DecisionEngine engine, int key, EngineTime now)
    {
        Fill(key);
        var decision = engine.Explain(Snapshot, new RequestView("GET"u8, default, "/"u8, _facts), now).Decision;
        return decision.Verdict == Verdict.Allow ? decision.Remaining + 1 : decision.Remaining;
    }

    private static RuleDefinition Rule(string name, double rate, double burst) => new()
    {
        Name = name,
        LimitKeys = [new DescriptorKey(DescriptorKind.Header, name)],
        OnMissing = OnMissing.Allow,
        Algorithm = new TokenBucketDefinition { TokensPerSecond = rate, Burst = burst },
    };

    private void Fill(int key)
    {
        _facts.Begin(Snapshot.Facts);
        var name = new DescriptorKey(DescriptorKind.Header, key < HotKeys ? "hot" : "cold");
        var written = Encoding.ASCII.GetBytes(key.ToString(System.Globalization.CultureInfo.InvariantCulture), _name);
        _facts.Set(Snapshot.Facts.Slots.IndexOf(name), _name.AsSpan(0, written));
    }
}
