using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Reading;

/// <summary>One entry of a map.</summary>
/// <param name="Key">The key's text.</param>
/// <param name="KeyLocation">Where the key starts.</param>
/// <param name="Value">The value.</param>
public readonly record struct NodeEntry(string Key, SourceLocation KeyLocation, Node Value);
