namespace EdgeGuard.Identity.Tokens;

/// <summary>What a token says about itself, unverified.</summary>
internal sealed class ParsedToken
{
    /// <summary>First thing wrong with its form, or null. The claims may be there all the same.</summary>
    public string? Failure { get; set; }

    public string? KeyId { get; set; }

    public string Issuer { get; set; } = string.Empty;

    public TokenFacts Facts { get; set; } = new();

    /// <summary>Header and payload as signed, with the dot between them.</summary>
    public ArraySegment<byte> SigningInput { get; set; } = [];

    public byte[] Signature { get; set; } = [];
}
