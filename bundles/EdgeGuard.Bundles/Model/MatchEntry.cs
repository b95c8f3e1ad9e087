namespace EdgeGuard.Bundles.Model;

/// <summary>One condition of a rule's <c>match</c>: the descriptor's value equals the text.</summary>
public readonly record struct MatchEntry(DescriptorKey Key, string Value);
