namespace EdgeGuard.Bundles.Model;

/// <summary>How a registered agent proves itself.</summary>
public enum AgentScheme : byte
{
    /// <summary>HTTP Message Signatures (RFC 9421).</summary>
    HttpMessageSignature,

    /// <summary>A detached JWS (RFC 7515 appendix F, RFC 7797).</summary>
    DetachedJws,

    /// <summary>A keyed hash in a header.</summary>
    Hmac,
}
