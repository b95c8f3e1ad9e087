namespace EdgeGuard.Edge.Usage;

/// <summary>Looks for usage in an answer as it passes by, in bounded memory.</summary>
internal interface IUsageScanner
{
    /// <summary>Takes the next bytes in, however they are cut.</summary>
    void Write(ReadOnlySpan<byte> bytes);
}
