namespace EdgeGuard.Identity.Agents;

/// <summary>A key with the one algorithm that it is used with. Thread-safe.</summary>
internal interface IAgentKey
{
    /// <summary>Bytes of each of its signatures: another length is refused before anything is read for it.</summary>
    int SignatureBytes { get; }

    /// <summary>Whether the signature fits. Never throws.</summary>
    bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
