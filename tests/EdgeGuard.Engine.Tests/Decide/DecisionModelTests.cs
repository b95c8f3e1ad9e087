using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

/// <summary>Whole decisions beside a slow model: a dictionary of ideal buckets and two passes over all rules.</summary>
public sealed class DecisionModelTests
{
    private static readonly decimal[] Rates = [0.5m, 1m, 3m, 7m, 10m];

    private static readonly DescriptorKey[] Keys = [Header("a"), Header("b"), Query("q")];

    [Fact]
    public void Decide_RandomPoliciesAndSchedules_AgreesWithTheModel()
    {
        var random = Seeds.Next(out var seed);
        for (var schedule = 0; schedule < 1500; schedule++)
        {
            var policies = Enumerable.Range(0, random.Next(1, 4)).Select(i => RandomPolicy(random, $"p{i}")).ToArray();
            using var harness = new Harness(Bundle.Compile(policies), 64 * 1024);
            var buckets = new Dictionary<string, IdealBucket>(StringComparer.Ordinal);
            for (var step = 0; step < 40; step++)
            {
                harness.Nanoseconds += random.Next(3) == 0 ? random.Next(0, 2000) * 1_000_000L : 0;
                var values = Keys.Where(_ => random.Next(5) > 0).Select(k => (k, (string?)$"{random.Next(2)}")).ToArray();
                var expected = Model(policies, values, buckets, harness.Nanoseconds);
                var actual = harness.Decide(values: values);
                var told = $"seed {seed} schedule {schedule} step {step}";
                Assert.True(expected.Allow == (actual.Verdict == Verdict.Allow), told);
                Assert.True(expected.ShadowRefuses == (actual.ShadowReason != Reason.None), told);
                Assert.True(expected.Missing == actual.MissingDescriptors, told);
            }
        }
    }

    private static (bool Allow, bool ShadowRefuses, int Missing) Model(
        PolicyDefinition[] policies, (DescriptorKey Key, string? Value)[] values, Dictionary<string, IdealBucket> buckets, long now)
    {
        var allow = true;
        var shadowRefuses = false;
        var missing = 0;
        var takes = new List<IdealBucket>();
        foreach (var policy in policies)
        {
            var agreed = true;
            var own = new List<IdealBucket>();
            var applying = policy.Rules.Where(r => r.Match.All(m => values.Any(v => v.Key == m.Key && v.Value == m.Value))).ToList();
            if (applying.Count == 0 && policy.FallbackLimit is { } fallback)
            {
                applying.Add(fallback);
            }

            foreach (var rule in applying)
            {
                agreed &= ModelRule(policy, rule, values, buckets, now, own, ref missing);
            }

            shadowRefuses |= policy.Mode == PolicyMode.Shadow && !agreed;
            allow &= policy.Mode == PolicyMode.Shadow || agreed;
            takes.AddRange(policy.Mode == PolicyMode.Shadow && !agreed ? [] : own);
        }

        if (allow)
        {
            takes.ForEach(b => b.Take(1, now));
        }

        return (allow, shadowRefuses, missing);
    }

    private static bool ModelRule(
        PolicyDefinition policy,
        RuleDefinition rule,
        (DescriptorKey Key, string? Value)[] values,
        Dictionary<string, IdealBucket> buckets,
        long now,
        List<IdealBucket> takes,
        ref int missing)
    {
        var name = $"{policy.Id} {policy.Mode} {rule.Name}";
        var complete = true;
        foreach (var key in rule.LimitKeys)
        {
            var value = values.FirstOrDefault(v => v.Key == key).Value;
            name += $" {value ?? "missing"}";
            complete &= value is not null;
            missing += value is null ? 1 : 0;
        }

        if (!complete && rule.OnMissing != OnMissing.Shared)
        {
            return rule.OnMissing == OnMissing.Allow;
        }

        if (!buckets.TryGetValue(name, out var bucket))
        {
            var numbers = (TokenBucketDefinition)rule.Algorithm;
            buckets.Add(name, bucket = new IdealBucket((decimal)numbers.TokensPerSecond, (decimal)numbers.Burst));
        }

        takes.Add(bucket);
        return bucket.CanTake(1, now);
    }

    private static PolicyDefinition RandomPolicy(Random random, string id)
    {
        var rules = Enumerable.Range(0, random.Next(0, 4)).Select(i => RandomRule(random, $"r{i}")).ToArray();
        var policy = Policy(id, rules) with { FallbackLimit = random.Next(2) == 0 ? RandomRule(random, "fallback") with { Match = [] } : null };
        return random.Next(3) == 0 ? policy.AsShadow() : policy;
    }

    private static RuleDefinition RandomRule(Random random, string name)
    {
        var rate = Rates[random.Next(Rates.Length)];
        var burst = Math.Max(1, rate) * random.Next(1, 3);
        var rule = Rule(name, (double)rate, (double)burst, [.. Keys.Where(_ => random.Next(3) == 0)]) with
        {
            OnMissing = (OnMissing)random.Next(3),
        };
        return random.Next(2) == 0 ? rule.When(Keys[random.Next(Keys.Length)], $"{random.Next(2)}") : rule;
    }
}
