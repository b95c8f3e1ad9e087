namespace EdgeGuard.Edge.Tests.Counters;

/// <summary>The keys of the crash test by number: those that all rounds share, the guards of each round, and without end those that are cold.</summary>
internal static class CrashKeys
{
    public const int Rounds = 201;
    public const int Hot = 8;
    public const int Shared = Hot + 8;
    public const int GuardsPerRound = 8;
    public const int ColdPerRound = 20;
    public const int FirstCold = Shared + (Rounds * GuardsPerRound);
    public const int Count = FirstCold + (Rounds * ColdPerRound);

    /// <summary>Tokens that a request reserves, and those that it really uses.</summary>
    public const int Reserved = 10;
    public const int Used = 4;

    private const int Loops = 4;
    private const int Breakers = 2;

    public static CrashKind KindOf(int key) => key switch
    {
        < Hot / 2 => CrashKind.Hot,
        < Hot => CrashKind.Tokens,
        < Hot + 4 => CrashKind.Budget,
        < Shared => CrashKind.Sliding,
        >= FirstCold => CrashKind.Cold,
        _ => ((key - Shared) % GuardsPerRound) switch
        {
            < Loops => CrashKind.Loop,
            < Loops + Breakers => CrashKind.Breaker,
            _ => CrashKind.Opened,
        },
    };

    /// <summary>How often a key is admitted in all.</summary>
    public static int QuotaOf(int key) => KindOf(key) switch
    {
        CrashKind.Cold or CrashKind.Loop => 3,
        CrashKind.Breaker => 1,
        CrashKind.Opened => 0,
        _ => 100_000,
    };

    /// <summary>What an admitted request is charged in the end, and most while it is under way.</summary>
    public static (int Settled, int UnderWay) CostOf(int key) => KindOf(key) == CrashKind.Tokens ? (Used, Reserved) : (1, 1);

    /// <summary>Where it is recorded that a breaker was seen open.</summary>
    public static int OpenedOf(int breaker) => breaker + Breakers;

    /// <summary>The key of so many of a round.</summary>
    public static int Guard(int round, int number) => Shared + (round * GuardsPerRound) + number;

    /// <summary>The key of so many of a round.</summary>
    public static int Cold(int round, int number) => FirstCold + (round * ColdPerRound) + number;

    /// <summary>The keys that a round asks for.</summary>
    public static int[] Of(int round) =>
    [
        .. Enumerable.Range(0, Shared),
        .. Enumerable.Range(0, GuardsPerRound).Select(number => Guard(round, number)).Where(key => KindOf(key) != CrashKind.Opened),
        .. Enumerable.Range(0, ColdPerRound).Select(number => Cold(round, number)),
    ];
}
