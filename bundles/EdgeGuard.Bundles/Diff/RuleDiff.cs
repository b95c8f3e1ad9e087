using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Rules of one name in one policy. What is counted is the counter's identity; numbers are not.</summary>
internal sealed class RuleDiff(ChangeList changes) : IChangeComparer<RuleDefinition>
{
    public string Describe(RuleDefinition value)
    {
        var keys = value.LimitKeys.IsEmpty ? "all together" : "by " + Keys(value);
        return value.Algorithm is TokenBucketDefinition bucket
            ? $"{BundleDiff.Text(bucket.TokensPerSecond)} a second, burst {BundleDiff.Text(bucket.Burst)}, {keys}"
            : keys;
    }

    public string EffectOfAdding(RuleDefinition value) => Effects.Tightens;

    public string EffectOfRemoving(RuleDefinition value) => Effects.Loosens;

    public void Compare(string path, RuleDefinition before, RuleDefinition after)
    {
        changes.Value(path + ".limit_keys", Keys(before), Keys(after), Effects.ResetsCounters);
        changes.Value(path + ".match", Match(before), Match(after), MatchEffect(before, after));
        changes.Value(path + ".on_missing", Word(before.OnMissing), Word(after.OnMissing), MissingEffect(before.OnMissing, after.OnMissing));
        if (before.Algorithm is TokenBucketDefinition old && after.Algorithm is TokenBucketDefinition bucket)
        {
            changes.Number(path + ".tokens_per_second", old.TokensPerSecond, bucket.TokensPerSecond);
            changes.Number(path + ".burst", old.Burst, bucket.Burst);
            CompareCost(path, old.Cost, bucket.Cost);
        }
        else if (before.Algorithm.GetType() != after.Algorithm.GetType())
        {
            changes.Value(path + ".algorithm", before.Algorithm.GetType().Name, after.Algorithm.GetType().Name, Effects.ResetsCounters);
        }
    }

    private void CompareCost(string path, CostSource before, CostSource after)
    {
        changes.Value(path + ".cost_source", before.Key?.ToString() ?? "fixed", after.Key?.ToString() ?? "fixed");
        if (before.Key is null && after.Key is null)
        {
            Cost(path + ".fixed_cost", before.Fixed, after.Fixed);
            return;
        }

        Cost(path + ".default_cost", before.Default, after.Default);
        Cost(path + ".min_cost", before.Min, after.Min);
    }

    // A dearer request is a tighter limit.
    private void Cost(string path, double before, double after) => changes.Number(path, before, after, higherLoosens: false);

    private static string MatchEffect(RuleDefinition before, RuleDefinition after)
    {
        var (old, now) = (before.Match.ToHashSet(), after.Match.ToHashSet());
        return now.IsProperSupersetOf(old) ? Effects.Loosens : now.IsProperSubsetOf(old) ? Effects.Tightens : string.Empty;
    }

    private static string MissingEffect(OnMissing before, OnMissing after) =>
        Strictness(after) > Strictness(before) ? Effects.Tightens : Effects.Loosens;

    private static int Strictness(OnMissing value) => value switch
    {
        OnMissing.Allow => 0,
        OnMissing.Shared => 1,
        _ => 2,
    };

    private static string Word(OnMissing value) => value switch
    {
        OnMissing.Allow => "allow",
        OnMissing.Shared => "shared",
        _ => "deny",
    };

    private static string Keys(RuleDefinition rule) => "[" + string.Join(", ", rule.LimitKeys) + "]";

    private static string? Match(RuleDefinition rule) =>
        rule.Match.IsEmpty ? null : string.Join(", ", rule.Match.Select(entry => $"{entry.Key} = {entry.Value}").Order(StringComparer.Ordinal));
}
