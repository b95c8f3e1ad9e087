using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>Tries on purpose to make two tenants share a counter. Every bucket here holds one request, so whoever shares is refused.</summary>
public sealed class TenantCollisionTests
{
    private const long Roomy = 8 * 1024 * 1024;

    // What a hash over joined, padded or normalised text would take for one another.
    private static readonly string[] Hostile =
    [
        "a", "b", "ab", "ba", "aa", "aaa", "|", "a|", "|a", "a|b", "b|a", "||", ":", "a:b", "/", "a/b", ",", ";", "=", "a=b", "\0", "a\0", "\0a", "a\0\0",
        "1", "11", "1a", "1:a", "2:ab", "\u0001", "\u0001a", "aaaaaaa", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaa\0", "aaaaaaaaaaaaaaaa", "A", "a ", " a", "%61", "%7C",
        "\u00e9", "e\u0301", "\u212b", "\u00c5", "A\u030a", "\ufb01", "fi", "\u0430", "\u200ba", "\ud83d\ude00", "null", "missing", "true",
    ];

    [Fact]
    public void Pairs_OfHostileValues_ShareNoCounter()
    {
        using var harness = new Harness(Bundle.Compile(Policy("p", Rule("r", 0.001, 1, Header("a"), Header("b")))), Roomy);
        foreach (var first in Hostile)
        {
            foreach (var second in Hostile)
            {
                Assert.True(Decide(harness, first, second).IsAdmitted, $"\"{first}\" with \"{second}\" was somebody else's");
            }
        }

        Assert.Equal(0, harness.Table.Overflows);
        Assert.All(Hostile, value => Assert.False(Decide(harness, value, value).IsAdmitted));
    }

    [Fact]
    public void NamesOfPoliciesAndRules_ThatJoinAlike_ShareNoCounter()
    {
        (string Policy, string Rule)[] names = [("p", "qr"), ("pq", "r"), ("p/q", "r"), ("p", "q/r"), ("p:q", "r"), ("p", "q:r"), ("pqr", "pqr"), ("r", "pq")];
        using var harness = new Harness(Bundle.Compile([.. names.GroupBy(name => name.Policy, name => name.Rule).Select(group =>
            Policy(group.Key, [.. group.Select(rule => Rule(rule, 0.001, 1, Header("a")))]))]));

        // All of them count this one request, and any two that shared a counter would need two.
        Assert.True(harness.Decide(values: (Header("a"), "x")).IsAdmitted);
    }

    [Fact]
    public void KindsAndNamesOfKeys_ThatHoldTheSameValue_ShareNoCounter()
    {
        DescriptorKey[] keys = [Header("a"), Query("a"), Claim("a"), new(DescriptorKind.Cookie, "a"), Header("b"), Header("aa")];
        foreach (var before in keys)
        {
            foreach (var after in keys.Where(key => key != before))
            {
                using var harness = new Harness(Policy("p", Rule("r", 0.001, 1, before)));
                Assert.Equal(1, harness.Admitted(2, values: (before, "x")));
                harness.Reload(Policy("p", Rule("r", 0.001, 1, after)));
                Assert.Equal(1, harness.Admitted(2, values: (after, "x")));
            }
        }
    }

    [Fact]
    public void SharedCounterOfMissingValues_IsThatOfNoValue()
    {
        var rule = Rule("r", 0.001, 1, Header("a"), Header("b")) with { OnMissing = OnMissing.Shared };
        using var harness = new Harness(Bundle.Compile(Policy("p", rule)), Roomy);
        Assert.Equal(1, harness.Admitted(2));
        Assert.All(Hostile, value => Assert.Equal(1, harness.Admitted(2, values: (Header("a"), value))));
        Assert.All(Hostile, value => Assert.Equal(1, harness.Admitted(2, values: (Header("b"), value))));
        Assert.All(Hostile, value => Assert.True(Decide(harness, value, "a").IsAdmitted));
    }

    [Fact]
    public void KindsOfLimiters_OfOneRule_ShareNoCounter()
    {
        AlgorithmDefinition[] kinds =
        [
            new TokenBucketDefinition { TokensPerSecond = 0.001, Burst = 1 },
            new SlidingWindowDefinition { Limit = 1, Window = TimeSpan.FromSeconds(60) },
            new SlidingWindowDefinition { Limit = 1, Window = TimeSpan.FromSeconds(120) },
            Budget(BudgetPeriod.Hour),
            Budget(BudgetPeriod.Day),
            new ConcurrencyDefinition { Limit = 1 },
        ];
        using var harness = new Harness(Policy("p", Rule("r", 1, 1)));
        foreach (var kind in kinds)
        {
            harness.Reload(Policy("p", Rule("r", 1, 1, Header("a")) with { Algorithm = kind }));
            Assert.Equal(1, harness.Admitted(2, values: (Header("a"), "x")));
        }
    }

    [Fact]
    public void MillionsOfValues_HaveNamesOfTheirOwn()
    {
        // Of 128 bits two names in four million meet by chance once in 10^25 tries; of their low 64 once in two million.
        const int Values = 4_000_000;
        var random = Seeds.Next(out var seed);
        var limit = new LimitBinding { Prefix = new CounterHash(new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64())), Slots = [0] };
        var facts = new FactSet();
        var plan = new FactPlan([Header("a")]);
        var low = new ulong[Values];
        var high = new ulong[Values];
        Span<byte> value = stackalloc byte[24];
        for (var i = 0; i < Values; i++)
        {
            i.TryFormat(value, out var length);
            facts.Begin(plan);
            facts.Set(0, value[..length]);
            (low[i], high[i]) = CounterName.Of(in limit, facts);
        }

        AssertSpread(low, seed);
        AssertSpread(high, seed);
        Array.Sort(low, high);
        for (var i = 1; i < Values; i++)
        {
            Assert.False(low[i] == low[i - 1] && high[i] == high[i - 1], $"seed {seed}: two values have one name");
        }
    }

    // Each of 1024 parts gets its share within six standard deviations: no key fills one set before the others.
    private static void AssertSpread(ulong[] hashes, int seed)
    {
        const int Parts = 1024;
        var counts = new int[Parts];
        foreach (var hash in hashes)
        {
            counts[hash % Parts]++;
        }

        var expected = (double)hashes.Length / Parts;
        Assert.All(counts, count => Assert.True(Math.Abs(count - expected) < 6 * Math.Sqrt(expected), $"seed {seed}: {count} of {expected}"));
    }

    private static Decision Decide(Harness harness, string first, string second) =>
        harness.Decide(values: [(Header("a"), first), (Header("b"), second)]);

    private static CostBasedDefinition Budget(BudgetPeriod period) => new()
    {
        Budget = 1,
        Window = new BudgetWindow { Period = period },
        Actions = [new StagedAction(100, StagedActionKind.Reject, 0)],
    };
}
