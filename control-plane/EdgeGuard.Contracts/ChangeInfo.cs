namespace EdgeGuard.Contracts;

/// <summary>One semantic change between two bundles.</summary>
public sealed record ChangeInfo(string Kind, string Path, string? Before, string? After, string Effect);
