namespace EdgeGuard.Bundles.Signing;

/// <summary>What a signed document is; part of what is signed, so that one can never stand for another.</summary>
public enum DocumentType : byte
{
    Bundle,
    KillSwitches,
    Revocations,
    Token,
    Lease,
    Heartbeat,
    ApiKeys,
}
