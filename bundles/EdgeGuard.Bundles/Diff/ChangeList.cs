using System.Collections.Immutable;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Diff;

/// <summary>Collects changes.</summary>
internal sealed class ChangeList
{
    private readonly ImmutableArray<BundleChange>.Builder _changes = ImmutableArray.CreateBuilder<BundleChange>();

    public ImmutableArray<BundleChange> ToImmutable() => _changes.ToImmutable();

    /// <summary>One value, told only when it differs. What looks like a secret is not shown.</summary>
    public void Value(string path, string? before, string? after, string effect = "")
    {
        if (string.Equals(before, after, StringComparison.Ordinal))
        {
            return;
        }

        var kind = before is null ? "added" : after is null ? "removed" : "changed";
        _changes.Add(new BundleChange(kind, path, Safe(before), Safe(after), effect));
    }

    /// <summary>A number that lets more through when it is higher, or when it is lower.</summary>
    public void Number(string path, double before, double after, bool higherLoosens = true) =>
        Value(path, BundleDiff.Text(before), BundleDiff.Text(after), after > before == higherLoosens ? Effects.Loosens : Effects.Tightens);

    /// <summary>Something that limits while it is there: compared when both have it, and told in one line when it comes or goes.</summary>
    public void Limiting<T>(string path, T? before, T? after, Func<T, string> describe, Action<T, T> compare)
        where T : class
    {
        if (before is not null && after is not null)
        {
            compare(before, after);
            return;
        }

        Value(path, before is null ? null : describe(before), after is null ? null : describe(after), before is null ? Effects.Tightens : Effects.Loosens);
    }

    /// <summary>A number that is no limit when it is absent.</summary>
    public void Cap(string path, double? before, double? after) => Value(
        path,
        BundleDiff.Text(before),
        BundleDiff.Text(after),
        (after ?? double.PositiveInfinity) > (before ?? double.PositiveInfinity) ? Effects.Loosens : Effects.Tightens);

    /// <summary>Things told apart by a key: those of the new bundle in its order, then those that are gone.</summary>
    public void Each<T>(ImmutableArray<T> before, ImmutableArray<T> after, Func<T, string> key, string path, IChangeComparer<T> comparer)
    {
        var old = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in before)
        {
            old.TryAdd(key(item), item);
        }

        foreach (var item in after)
        {
            var name = $"{path}[{key(item)}]";
            if (old.Remove(key(item), out var previous))
            {
                comparer.Compare(name, previous, item);
            }
            else
            {
                _changes.Add(new BundleChange("added", name, null, Safe(comparer.Describe(item)), comparer.EffectOfAdding(item)));
            }
        }

        foreach (var item in before)
        {
            if (old.Remove(key(item)))
            {
                _changes.Add(new BundleChange("removed", $"{path}[{key(item)}]", Safe(comparer.Describe(item)), null, comparer.EffectOfRemoving(item)));
            }
        }
    }

    private static string? Safe(string? text) => text is not null && SecretPatterns.Known(text) is not null ? "(not shown: it looks like a secret)" : text;
}
