using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Signing;

/// <summary>What verifying a document gave: header and payload, or exactly one problem.</summary>
public sealed record VerificationResult(DocumentHeader? Header, byte[]? Payload, Diagnostic? Problem)
{
    /// <summary>Whether the signature and every claim of the header held.</summary>
    public bool IsValid => Problem is null;
}
