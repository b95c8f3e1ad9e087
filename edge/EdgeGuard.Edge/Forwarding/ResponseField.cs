namespace EdgeGuard.Edge.Forwarding;

/// <summary>Where a header line stands in the bytes of its head.</summary>
/// <param name="NameStart">First byte of the name.</param>
/// <param name="NameLength">Length of the name.</param>
/// <param name="ValueStart">First byte of the value, without white space.</param>
/// <param name="ValueLength">Length of the value, without white space.</param>
internal readonly record struct ResponseField(int NameStart, int NameLength, int ValueStart, int ValueLength)
{
    /// <summary>The name.</summary>
    public ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> head) => head.Slice(NameStart, NameLength);

    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> ValueIn(ReadOnlySpan<byte> head) => head.Slice(ValueStart, ValueLength);
}
