namespace EdgeGuard.Bundles.Diff;

/// <summary>One meaningful difference between two bundles.</summary>
/// <param name="Kind"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Path">What changed, by identity: <c>policies[api].rules[per-key].burst</c>.</param>
/// <param name="Before">Old value, or null.</param>
/// <param name="After">New value, or null.</param>
/// <param name="Effect"><c>loosens</c>, <c>tightens</c>, <c>resets counters</c> or empty.</param>
public sealed record BundleChange(string Kind, string Path, string? Before, string? After, string Effect);
