using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Kill switches of one id.</summary>
internal sealed class KillSwitchDiff(ChangeList changes) : IChangeComparer<KillSwitchDefinition>
{
    public string Describe(KillSwitchDefinition value) => $"{value.ScopeKey} = {value.ScopeValue}{(value.Route is null ? string.Empty : " on " + value.Route)}";

    public string EffectOfAdding(KillSwitchDefinition value) => Effects.Tightens;

    public string EffectOfRemoving(KillSwitchDefinition value) => Effects.Loosens;

    public void Compare(string path, KillSwitchDefinition before, KillSwitchDefinition after)
    {
        changes.Value(path + ".scope_key", before.ScopeKey.ToString(), after.ScopeKey.ToString());
        changes.Value(path + ".scope_value", before.ScopeValue, after.ScopeValue);
        changes.Value(path + ".route", before.Route, after.Route, after.Route is null ? Effects.Tightens : before.Route is null ? Effects.Loosens : string.Empty);
        var later = (after.ExpiresAt ?? DateTimeOffset.MaxValue) > (before.ExpiresAt ?? DateTimeOffset.MaxValue);
        changes.Value(path + ".expires_at", BundleDiff.Time(before.ExpiresAt), BundleDiff.Time(after.ExpiresAt), later ? Effects.Tightens : Effects.Loosens);
        changes.Value(path + ".status", BundleDiff.Text(before.Status), BundleDiff.Text(after.Status));
        changes.Value(path + ".reason", before.Reason, after.Reason);
    }
}
