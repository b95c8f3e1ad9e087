using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Plans of a rule.</summary>
internal sealed class TierDiff(ChangeList changes, LimiterDiff limiters) : IChangeComparer<TierPlan>
{
    public string Describe(TierPlan value) => AlgorithmText.Describe(value.Algorithm);

    // Who gets a plan's numbers is in tokens and headers, not in the bundle.
    public string EffectOfAdding(TierPlan value) => string.Empty;

    public string EffectOfRemoving(TierPlan value) => string.Empty;

    public void Compare(string path, TierPlan before, TierPlan after) => limiters.Compare(path, before.Algorithm, after.Algorithm);

    public void CompareAll(string path, TiersDefinition? before, TiersDefinition? after)
    {
        if (before is null || after is null)
        {
            changes.Value(path, Summary(before), Summary(after));
            return;
        }

        changes.Value(path + ".by", before.By.ToString(), after.By.ToString());
        changes.Value(path + ".default", before.Default, after.Default);
        changes.Value(path + ".for", before.For.ToString(), after.For.ToString());
        changes.Each(before.Plans, after.Plans, plan => plan.Name, path + ".plans", this);
        changes.Value(path + ".grants", Grants(before.Grants), Grants(after.Grants));
    }

    private static string? Summary(TiersDefinition? tiers) =>
        tiers is null ? null : $"{string.Join(", ", tiers.Plans.Select(plan => plan.Name))} by {tiers.By}, default {tiers.Default}";

    private static string? Grants(ImmutableArray<TierGrant> grants) => grants.IsEmpty
        ? null
        : string.Join(", ", grants.Select(grant => $"{grant.Tier} for {grant.Value} until {BundleDiff.Time(grant.ExpiresAt)}"));
}
