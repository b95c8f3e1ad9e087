using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Levels of one name in one hierarchy.</summary>
internal sealed class LevelDiff(ChangeList changes, LimiterDiff limiters) : IChangeComparer<HierarchyLevel>
{
    public string Describe(HierarchyLevel value) => $"{AlgorithmText.Describe(value.Algorithm)} by {AlgorithmText.Keys(value.LimitKeys)}";

    public string EffectOfAdding(HierarchyLevel value) => Effects.Tightens;

    public string EffectOfRemoving(HierarchyLevel value) => Effects.Loosens;

    public void Compare(string path, HierarchyLevel before, HierarchyLevel after)
    {
        changes.Value(path + ".limit_keys", AlgorithmText.Keys(before.LimitKeys), AlgorithmText.Keys(after.LimitKeys), Effects.ResetsCounters);
        limiters.Compare(path, before.Algorithm, after.Algorithm);

        // Borrowing lets more through, so its coming and going is the other way about than that of a limit.
        if (before.Borrow is { } old && after.Borrow is { } now)
        {
            changes.Number(path + ".borrow.max_percent", old.MaxPercent, now.MaxPercent);
            changes.Number(path + ".borrow.keep_percent", old.KeepPercent, now.KeepPercent, higherLoosens: false);
        }
        else
        {
            changes.Value(path + ".borrow", Borrow(before.Borrow), Borrow(after.Borrow), after.Borrow is null ? Effects.Tightens : Effects.Loosens);
        }
    }

    private static string? Borrow(BorrowDefinition? value) =>
        value is null ? null : $"up to {BundleDiff.Text(value.MaxPercent)}%, keeping {BundleDiff.Text(value.KeepPercent)}%";
}
