using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Schema;

/// <summary>One field of an <see cref="ObjectShape"/>.</summary>
internal sealed record FieldShape
{
    public required string Name { get; init; }

    public required ValueShape Shape { get; init; }

    public required string Summary { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>Required in a peer document though a native one may leave it out.</summary>
    public bool RequiredInPeer { get; init; }

    /// <summary>Required in a native document though a peer one may leave it out.</summary>
    public bool OptionalInPeer { get; init; }

    /// <summary>What is in force when the field is absent, as the reference page writes it; empty when nothing is.</summary>
    public string Default { get; init; } = string.Empty;

    /// <summary>A field that tells the dialects apart, so that a peer document never has it.</summary>
    public bool NativeOnly { get; init; }

    /// <summary>A field that the peer accepts and ignores: a warning there, unknown in a native document.</summary>
    public bool PeerIgnored { get; init; }

    /// <summary>Other accepted spellings.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    public static FieldShape Required(string name, ValueShape shape, string summary) =>
        new() { Name = name, Shape = shape, Summary = summary, IsRequired = true };

    public static FieldShape Optional(string name, ValueShape shape, string @default, string summary) =>
        new() { Name = name, Shape = shape, Summary = summary, Default = @default };

    /// <summary>Ignored by the peer, and so by us, with a warning.</summary>
    public static FieldShape IgnoredInPeer(string name, string summary) =>
        new() { Name = name, Shape = AnyShape.Instance, Summary = summary, PeerIgnored = true };

    /// <summary>The same field with another accepted spelling.</summary>
    public FieldShape Alias(string alias) => this with { Aliases = Aliases.Add(alias) };
}
