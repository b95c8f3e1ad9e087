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
        changes.Value(path + ".scope", Scope(before), Scope(after), Effects.ResetsCounters);
        CompareLease(path + ".lease", before.Lease ?? new LeaseDefinition(), after.Lease ?? new LeaseDefinition());
    }

    // The same budget in other slices: only what an outage does is stricter or looser.
    private void CompareLease(string path, LeaseDefinition before, LeaseDefinition after)
    {
        changes.Value(path + ".slice_percent", BundleDiff.Text(before.SlicePercent), BundleDiff.Text(after.SlicePercent));
        changes.Value(path + ".low_water_percent", BundleDiff.Text(before.LowWaterPercent), BundleDiff.Text(after.LowWaterPercent));
        changes.Value(
            path + ".on_unreachable", WhenUnreachable(before), WhenUnreachable(after), after.DenyWhenUnreachable ? Effects.Tightens : Effects.Loosens);
    }

    // Without enforcement everyone is held.
    private void CompareEnforcement(string path, EnforcementDefinition? before, EnforcementDefinition? after)
    {
        changes.Number(path + ".percent", before?.Percent ?? 100, after?.Percent ?? 100, higherLoosens: false);
        changes.Value(path + ".by", before?.By.ToString(), after?.By.ToString());
    }

    private static string Scope(RuleDefinition rule) => rule.Lease is null ? "edge" : "fleet";

    private static string WhenUnreachable(LeaseDefinition lease) => lease.DenyWhenUnreachable ? "deny" : "spend_rest";

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
