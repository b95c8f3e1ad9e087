namespace EdgeGuard.ControlPlane.Data;

/// <summary>An AES-256 key for columns, with the id that its ciphertexts start with.</summary>
internal sealed class DataKey(string id, byte[] bytes)
{
    public string Id => id;

    public ReadOnlySpan<byte> Bytes => bytes;

    /// <inheritdoc />
    public override string ToString() => id;
}
