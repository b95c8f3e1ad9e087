using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Diff;

/// <summary>The semantic difference of two bundles: by identity (policy id, rule name), not by line.</summary>
public static class BundleDiff
{
    /// <summary>Changes from one bundle to another, in the order of the new one; a null old bundle counts as empty.</summary>
    public static ImmutableArray<BundleChange> Compare(PolicyDocument? before, PolicyDocument after) =>
        throw new NotImplementedException();
}
