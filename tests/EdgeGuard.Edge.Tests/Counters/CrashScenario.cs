using System.Globalization;
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
/// What the process that is killed and the one that looks afterwards agree on: a few keys of each limiter that are asked for all the time and, in
/// each round, some that nobody has asked for before. The rate differs from round to round, so that every bucket is rescaled after every start.
/// </summary>
internal sealed class CrashScenario
{
    public const string DaysVariable = "CRASH_CHILD_BUDGET_DAYS";

    /// <summary>So much that no set is ever full: a newcomer to a full set is charged elsewhere, which nobody could tell from a loss.</summary>
    public const long MemoryBytes = 8 * 1024 * 1024;

    private readonly FactSet _facts = new();
    private readonly byte[] _name = new byte[16];

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
                    Policy("limits") with
                    {
                        Rules =
                        [
                            Rule(CrashKind.Hot, Levels(rate)),
                            Rule(CrashKind.Tokens, Tokens()),
                            Rule(CrashKind.Budget, Budget()),
                            Rule(CrashKind.Sliding, new SlidingWindowDefinition { Limit = QuotaOf(CrashKind.Sliding), Window = TimeSpan.FromDays(1) }),
                            Rule(CrashKind.Cold, Bucket(rate, 1)) with { Tiers = Plans(rate) },
                        ],
                    },
                    Policy("loop") with
                    {
                        LoopDetection = new LoopDetectionDefinition { Threshold = QuotaOf(CrashKind.Loop) + 1, WindowSeconds = 86_400 },
                    },
                    Policy("breaker") with
                    {
                        Rules = [Rule(CrashKind.Breaker, Bucket(rate, 100_000))],
                        CircuitBreaker = new CircuitBreakerDefinition { ThresholdPerMinute = QuotaOf(CrashKind.Breaker) + 1, AutoReset = TimeSpan.Zero },
                    },
                ],
            },
            "digest"));
    }

    /// <summary>Days of the budget's window, chosen once a run so that it does not turn meanwhile: windows are aligned to 1970.</summary>
    public static int BudgetDays { get; } = Environment.GetEnvironmentVariable(DaysVariable) is { } days
        ? int.Parse(days, CultureInfo.InvariantCulture)
        : (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 86_400) % 366 is 364 or 365 ? 355 : 366;

    public int Round { get; }

    public PolicySnapshot Snapshot { get; }

    public static CounterStore OpenStore(string folder, out StateDirectory state)
    {
        state = StateDirectory.Open(folder, ephemeral: false);
        return CounterStore.Open(state, MemoryBytes, TimeProvider.System, LinuxBootClock.TryCreate()!);
    }

    /// <summary>Decides a request, and settles and ends it if it is admitted and reserves tokens.</summary>
    /// <param name="engine">By which counters.</param>
    /// <param name="key">Of whom.</param>
    /// <param name="now">When.</param>
    /// <param name="settles">Whether what is not used is given back.</param>
    public Decision Decide(DecisionEngine engine, int key, EngineTime now, bool settles = true)
    {
        var decision = engine.Decide(Snapshot, new RequestView("GET"u8, default, Fill(key), _facts), now, out var admission);
        if (!admission.IsEmpty && settles)
        {
            engine.Settle(admission, new EdgeGuard.Engine.Decide.Usage(0, CrashKeys.Used), now);
        }

        if (!admission.IsEmpty)
        {
            engine.Finish(admission, Ending.Completed, now);
        }

        return decision;
    }

    /// <summary>What would be decided; nothing is taken.</summary>
    public Decision Explain(DecisionEngine engine, int key, EngineTime now) =>
        engine.Explain(Snapshot, new RequestView("GET"u8, default, Fill(key), _facts), now).Decision;

    /// <summary>What is left of the limit of a key that is no guard.</summary>
    public long LeftOf(DecisionEngine engine, int key, EngineTime now)
    {
        var decision = Explain(engine, key, now);
        return decision.Verdict == Verdict.Allow ? decision.Remaining + CrashKeys.CostOf(key).UnderWay : decision.Remaining;
    }

    private static int QuotaOf(CrashKind kind) => CrashKeys.QuotaOf(CrashKeys.Of(0).First(key => CrashKeys.KindOf(key) == kind));

    private static PolicyDefinition Policy(string id) => new() { Id = id, Selector = new SelectorDefinition { PathPrefix = "/" + id } };

    private static DescriptorKey HeaderOf(CrashKind kind) => new(DescriptorKind.Header, kind.ToString().ToLowerInvariant());

    private static RuleDefinition Rule(CrashKind kind, AlgorithmDefinition algorithm) => new()
    {
        Name = kind.ToString().ToLowerInvariant(),
        LimitKeys = algorithm is HierarchyDefinition ? [] : [HeaderOf(kind)],
        OnMissing = OnMissing.Allow,
        Algorithm = algorithm,
    };

    // The upper level is that of all keys together, so large that the lower one is always the one that is told; a process may be killed between the two.
    private static HierarchyDefinition Levels(double rate) => new()
    {
        Levels =
        [
            new HierarchyLevel { Name = "all", Algorithm = Bucket(100_000, QuotaOf(CrashKind.Hot) * 1e6) },
            new HierarchyLevel { Name = "one", LimitKeys = [HeaderOf(CrashKind.Hot)], Algorithm = Bucket(rate, QuotaOf(CrashKind.Hot)) },
        ],
    };

    private static TokenBucketLlmDefinition Tokens() =>
        new() { TokensPerMinute = 1, BurstTokens = QuotaOf(CrashKind.Tokens), DefaultMaxCompletion = CrashKeys.Reserved };

    private static TiersDefinition Plans(double rate) => new()
    {
        By = new DescriptorKey(DescriptorKind.Header, "plan"),
        For = HeaderOf(CrashKind.Cold),
        Default = "small",
        Plans = [new TierPlan("small", Bucket(rate, 1)), new TierPlan("usual", Bucket(rate, QuotaOf(CrashKind.Cold)))],
    };

    private static TokenBucketDefinition Bucket(double rate, double burst) => new() { TokensPerSecond = rate, Burst = burst };

    private static CostBasedDefinition Budget() => new()
    {
        Budget = QuotaOf(CrashKind.Budget),
        Window = new BudgetWindow { Period = BudgetPeriod.Custom, Length = TimeSpan.FromDays(BudgetDays) },
        Actions = [new StagedAction(100, StagedActionKind.Reject, 0)],
    };

    // Gives the path. A loop is told by its path, everything else by its header.
    private byte[] Fill(int key)
    {
        _facts.Begin(Snapshot.Facts);
        var kind = CrashKeys.KindOf(key);
        if (kind == CrashKind.Loop)
        {
            return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/loop/{key}"));
        }

        var written = Encoding.ASCII.GetBytes(key.ToString(CultureInfo.InvariantCulture), _name);
        _facts.Set(Snapshot.Facts.Slots.IndexOf(HeaderOf(kind)), _name.AsSpan(0, written));
        _facts.Set(Snapshot.Facts.Slots.IndexOf(new DescriptorKey(DescriptorKind.Header, "plan")), "usual"u8);
        return kind == CrashKind.Breaker ? "/breaker"u8.ToArray() : "/limits"u8.ToArray();
    }
}
