using System.Collections.Frozen;

namespace EdgeGuard.Identity.Tokens;

/// <summary>What a token says about itself, unverified.</summary>
internal sealed class ParsedToken
{
    /// <summary>First thing wrong with its form, or null. The claims may be there all the same.</summary>
    public string? Failure { get; set; }

    public string Algorithm { get; set; } = string.Empty;

    public string? Type { get; set; }

    public string? KeyId { get; set; }

    public string Issuer { get; set; } = string.Empty;

    public List<string> Audiences { get; } = [];

    /// <summary>Seconds since 1970.</summary>
    public double? ExpiresAt { get; set; }

    /// <summary>Seconds since 1970.</summary>
    public double? NotBefore { get; set; }

    public FrozenDictionary<string, string> Claims { get; set; } = FrozenDictionary<string, string>.Empty;
}
