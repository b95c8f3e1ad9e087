using EdgeGuard.Identity.Structured;

namespace EdgeGuard.Identity.Signatures;

/// <summary>A signature of a request, as its <c>Signature-Input</c> and <c>Signature</c> fields say (RFC 9421 section 4). Nothing of it is verified.</summary>
internal sealed record MessageSignature
{
    /// <summary>Label that both fields know it by.</summary>
    public required string Label { get; init; }

    /// <summary>What it covers, in order; no component twice.</summary>
    public required IReadOnlyList<CoveredComponent> Components { get; init; }

    /// <summary>The covered components with the parameters, as they are signed themselves.</summary>
    public required FieldMember Parameters { get; init; }

    public required byte[] Value { get; init; }

    /// <summary>Seconds since 1970, or null.</summary>
    public long? Created { get; init; }

    /// <summary>Seconds since 1970, or null.</summary>
    public long? Expires { get; init; }

    public string? Nonce { get; init; }

    public string? Algorithm { get; init; }

    public string? KeyId { get; init; }

    public string? Tag { get; init; }

    /// <summary>Whether it covers a component of a name, with whatever parameters.</summary>
    public bool Covers(string name) => Components.Any(component => string.Equals(component.Name, name, StringComparison.Ordinal));
}
