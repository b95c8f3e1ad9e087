using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Tests.Reference;

/// <summary>
/// Decides as the documentation says and as slowly as it likes: counters are objects in a dictionary under their names written out in full. Written
/// without a look at the product's arithmetic, and for one thread.
/// </summary>
internal sealed class ReferenceEngine
{
    private readonly Dictionary<string, ReferenceCounter> _counters = new(StringComparer.Ordinal);
    private IReadOnlyList<PolicyDefinition> _policies = [];
    private bool _reloaded;

    /// <summary>Other policies hold from the next decision on.</summary>
    public void Load(IReadOnlyList<PolicyDefinition> policies)
    {
        _policies = [.. policies.OrderBy(policy => policy.Id, StringComparer.Ordinal)];
        _reloaded = true;
    }

    /// <summary>What the books say; nothing is taken.</summary>
    public ReferenceVerdict Check(IReadOnlyDictionary<DescriptorKey, string> facts, long now)
    {
        Reconfigure(now);
        var admitted = true;
        var delay = 0;
        var marked = false;
        var shadow = false;
        var disagreements = 0;
        foreach (var (policy, rule) in Applying(facts))
        {
            var isShadow = policy.Mode == PolicyMode.Shadow;
            var agreed = Agrees(policy, rule, rule.Algorithm, facts, now, isShadow ? "shadow/" : string.Empty, out var action);
            if (isShadow)
            {
                shadow |= !agreed;
                continue;
            }

            admitted &= agreed;
            if (agreed && action >= 0)
            {
                marked |= action == 0;
                delay = Math.Max(delay, action);
            }

            if (Trial(policy, rule, facts, now) is { } trial)
            {
                shadow |= !trial;
                disagreements += trial == agreed ? 0 : 1;
            }
        }

        return new ReferenceVerdict(admitted, delay, marked, shadow, disagreements);
    }

    /// <summary>Takes what a request takes that was answered so, and tells what its end has to know.</summary>
    public IReadOnlyList<ReferenceCharge> Take(IReadOnlyDictionary<DescriptorKey, string> facts, long now, bool admitted)
    {
        var charges = new List<ReferenceCharge>();
        var applying = Applying(facts).ToArray();
        var refusing = applying.Where(entry => entry.Policy.Mode == PolicyMode.Enforce
            && !Agrees(entry.Policy, entry.Rule, entry.Rule.Algorithm, facts, now, string.Empty, out _)).Select(entry => entry.Rule).Distinct().ToArray();
        var trials = applying.Where(entry => entry.Policy.Mode == PolicyMode.Enforce && Trial(entry.Policy, entry.Rule, facts, now) == true).ToArray();
        var shadows = applying.GroupBy(entry => entry.Policy)
            .Where(group => group.Key.Mode == PolicyMode.Shadow
                && group.All(entry => Agrees(entry.Policy, entry.Rule, entry.Rule.Algorithm, facts, now, "shadow/", out _)))
            .SelectMany(group => group).ToArray();
        if (admitted)
        {
            Charge(charges, applying.Where(entry => entry.Policy.Mode == PolicyMode.Enforce), string.Empty, facts, now, trial: false);
            Charge(charges, shadows, "shadow/", facts, now, trial: false);
            Charge(charges, trials, "shadow/", facts, now, trial: true);
        }
        else if (refusing.Length == 1)
        {
            // A refused request has no end: no slot is taken, and tokens stay charged.
            Charge(
                [], trials.Where(entry => ReferenceEquals(entry.Rule, refusing[0]) && entry.Rule.Shadow is not ConcurrencyDefinition), "shadow/", facts, now, trial: true);
        }

        return charges;
    }

    /// <summary>A request has ended: usage is settled, slots come back.</summary>
    public static void End(IReadOnlyList<ReferenceCharge> charges, decimal? usage, long now)
    {
        foreach (var (counter, limit, mark) in charges)
        {
            if (limit.Kind == "slots")
            {
                counter.GiveBack(limit.Cost, mark, now);
            }
            else if (limit.Settles && usage < limit.Cost)
            {
                counter.GiveBack(limit.Cost - usage.Value, mark, now);
            }
            else if (limit.Settles && usage > limit.Cost)
            {
                Charge(counter, usage.Value - limit.Cost, now);
            }
        }
    }

    private static void Charge(ReferenceCounter counter, decimal units, long now)
    {
        if (counter is ReferenceBucket bucket)
        {
            bucket.Charge(units, now);
        }
        else
        {
            counter.Take(units, now);
        }
    }

    private void Charge(
        List<ReferenceCharge> charges,
        IEnumerable<(PolicyDefinition Policy, RuleDefinition Rule)> rules,
        string space,
        IReadOnlyDictionary<DescriptorKey, string> facts,
        long now,
        bool trial)
    {
        foreach (var (policy, rule) in rules)
        {
            foreach (var limit in ReferenceLimit.Of(trial ? rule.Shadow! : rule.Algorithm, rule.LimitKeys))
            {
                var counter = CounterOf(policy, rule, limit, facts, space);
                charges.Add(new ReferenceCharge(counter, limit, counter.Take(limit.Cost, now)));
            }
        }
    }

    private bool? Trial(PolicyDefinition policy, RuleDefinition rule, IReadOnlyDictionary<DescriptorKey, string> facts, long now) =>
        rule.Shadow is { } algorithm && IsCounted(rule, facts) == true
            ? Agrees(policy, rule, algorithm, facts, now, "shadow/", out _)
            : null;

    private IEnumerable<(PolicyDefinition Policy, RuleDefinition Rule)> Applying(IReadOnlyDictionary<DescriptorKey, string> facts)
    {
        foreach (var policy in _policies)
        {
            var rules = policy.Rules.Where(rule => rule.Match.All(match => facts.GetValueOrDefault(match.Key) == match.Value)).ToArray();
            if (rules.Length == 0 && policy.FallbackLimit is { } fallback)
            {
                rules = [fallback];
            }

            foreach (var rule in rules)
            {
                if (IsCounted(rule, facts) != false)
                {
                    yield return (policy, rule);
                }
            }
        }
    }

    // Null for a rule that refuses because of a missing key; false for one that is skipped.
    private static bool? IsCounted(RuleDefinition rule, IReadOnlyDictionary<DescriptorKey, string> facts) =>
        KeysOf(rule).All(facts.ContainsKey) || rule.OnMissing == OnMissing.Shared ? true : rule.OnMissing == OnMissing.Allow ? false : null;

    private static IEnumerable<DescriptorKey> KeysOf(RuleDefinition rule) => rule.Algorithm is HierarchyDefinition hierarchy
        ? hierarchy.Levels.SelectMany(level => level.LimitKeys)
        : rule.LimitKeys;

    private bool Agrees(
        PolicyDefinition policy,
        RuleDefinition rule,
        AlgorithmDefinition algorithm,
        IReadOnlyDictionary<DescriptorKey, string> facts,
        long now,
        string space,
        out int action)
    {
        action = -1;
        if (IsCounted(rule, facts) is null)
        {
            return false;
        }

        var agreed = true;
        var above = (Used: 0m, Quota: 0m);
        foreach (var limit in ReferenceLimit.Of(algorithm, rule.LimitKeys))
        {
            var quota = limit.Numbers.Quota;
            var used = CounterOf(policy, rule, limit, facts, space).Used(now) + limit.Cost;
            var borrows = limit.Borrow is { } borrow && agreed
                && used <= quota * (1 + ((decimal)borrow.MaxPercent / 100))
                && above.Used <= above.Quota - (above.Quota * (decimal)borrow.KeepPercent / 100);
            agreed &= used <= quota || borrows;
            above = (used, quota);
            foreach (var staged in limit.Actions.Where(staged => (decimal)staged.ThresholdPercent <= used))
            {
                action = staged.Action == StagedActionKind.Throttle ? staged.DelayMilliseconds : 0;
            }
        }

        return agreed;
    }

    private ReferenceCounter CounterOf(
        PolicyDefinition policy, RuleDefinition rule, ReferenceLimit limit, IReadOnlyDictionary<DescriptorKey, string> facts, string space)
    {
        var values = limit.Keys.Select(key => facts.TryGetValue(key, out var value) ? $"{key}={value.Length}:{value}" : $"{key}=missing");
        var name = $"{space}{policy.Id}/{rule.Name}/{limit.Role}/{limit.Kind}/{string.Join('/', values)}";
        if (!_counters.TryGetValue(name, out var counter))
        {
            counter = limit.NewCounter();
            _counters.Add(name, counter);
        }

        return counter;
    }

    // A slower rate counts from the first decision under the new numbers, and a faster one no earlier.
    private void Reconfigure(long now)
    {
        if (!_reloaded)
        {
            return;
        }

        _reloaded = false;
        foreach (var policy in _policies)
        {
            foreach (var rule in policy.Rules.Concat(policy.FallbackLimit is { } fallback ? [fallback] : []))
            {
                Reconfigure(policy, rule, rule.Algorithm, policy.Mode == PolicyMode.Shadow ? "shadow/" : string.Empty, now);
                if (rule.Shadow is { } trial && policy.Mode == PolicyMode.Enforce)
                {
                    Reconfigure(policy, rule, trial, "shadow/", now);
                }
            }
        }
    }

    private void Reconfigure(PolicyDefinition policy, RuleDefinition rule, AlgorithmDefinition algorithm, string space, long now)
    {
        foreach (var limit in ReferenceLimit.Of(algorithm, rule.LimitKeys))
        {
            var prefix = $"{space}{policy.Id}/{rule.Name}/{limit.Role}/{limit.Kind}/";
            foreach (var (name, counter) in _counters)
            {
                if (name.StartsWith(prefix, StringComparison.Ordinal))
                {
                    counter.Configure(limit.Numbers, now);
                }
            }
        }
    }
}
