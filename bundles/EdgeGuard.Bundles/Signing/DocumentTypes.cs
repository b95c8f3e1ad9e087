namespace EdgeGuard.Bundles.Signing;

/// <summary>The <c>typ</c> header of each type of document.</summary>
internal static class DocumentTypes
{
    /// <summary>The value of <c>typ</c>.</summary>
    public static string Name(DocumentType type) => type switch
    {
        DocumentType.Bundle => "edgeguard-bundle+jws",
        DocumentType.KillSwitches => "edgeguard-kill+jws",
        DocumentType.Revocations => "edgeguard-revocation+jws",
        DocumentType.Token => "edgeguard-token+jws",
        DocumentType.Lease => "edgeguard-lease+jws",
        DocumentType.Heartbeat => "edgeguard-heartbeat+jws",
        DocumentType.ApiKeys => "edgeguard-keys+jws",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
