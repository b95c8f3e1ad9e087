using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Rules of one name in one policy. What is counted is the counter's identity; numbers are not.</summary>
internal sealed class RuleDiff(ChangeList changes) : IChangeComparer<RuleDefinition>
{
    private readonly LimiterDiff _limiters = new(changes);

    public string Describe(RuleDefinition value)
    {
        var keys = value.LimitKeys.IsEmpty ? "all together" : "by " + AlgorithmText.Keys(value.LimitKeys);
        return value.Algorithm is HierarchyDefinition ? AlgorithmText.Describe(value.Algorithm) : $"{AlgorithmText.Describe(value.Algorithm)}, {keys}";
    }

    public string EffectOfAdding(RuleDefinition value) => Effects.Tightens;

    public string EffectOfRemoving(RuleDefinition value) => Effects.Loosens;

    public void Compare(string path, RuleDefinition before, RuleDefinition after)
    {
        changes.Value(path + ".limit_keys", AlgorithmText.Keys(before.LimitKeys), AlgorithmText.Keys(after.LimitKeys), Effects.ResetsCounters);
        changes.Value(path + ".match", Match(before), Match(after), MatchEffect(before, after));
        changes.Value(path + ".on_missing", Word(before.OnMissing), Word(after.OnMissing), MissingEffect(before.OnMissing, after.OnMissing));
        _limiters.Compare(path, before.Algorithm, after.Algorithm);
        new TierDiff(changes, _limiters).CompareAll(path + ".tiers", before.Tiers, after.Tiers);
        CompareEnforcement(path + ".enforcement", before.Enforcement, after.Enforcement);
        changes.Value(path + ".shadow", Trial(before.Shadow), Trial(after.Shadow));
    }

    // Without enforcement everyone is held.
    private void CompareEnforcement(string path, EnforcementDefinition? before, EnforcementDefinition? after)
    {
        changes.Number(path + ".percent", before?.Percent ?? 100, after?.Percent ?? 100, higherLoosens: false);
        changes.Value(path + ".by", before?.By.ToString(), after?.By.ToString());
    }

    private static string? Trial(AlgorithmDefinition? value) => value is null ? null : $"{AlgorithmText.Word(value)}: {AlgorithmText.Describe(value)}";

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

    private static string? Match(RuleDefinition rule) =>
        rule.Match.IsEmpty ? null : string.Join(", ", rule.Match.Select(entry => $"{entry.Key} = {entry.Value}").Order(StringComparer.Ordinal));
}
