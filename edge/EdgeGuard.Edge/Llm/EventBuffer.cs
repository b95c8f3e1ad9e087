namespace EdgeGuard.Edge.Llm;

/// <summary>Bytes that grow up to a bound, and are used again.</summary>
internal sealed class EventBuffer
{
    /// <summary>Longest event that is waited for; those of providers have a few KiB, images in them some hundreds.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Adds bytes; false when they do not fit.</summary>
    public bool TryAdd(ReadOnlySpan<byte> more)
    {
        if (more.Length > MaxBytes - Length)
        {
            return false;
        }

        if (Length + more.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(Length + more.Length, _bytes.Length * 2));
        }

        more.CopyTo(_bytes.AsSpan(Length));
        Length += more.Length;
        return true;
    }

    /// <summary>Forgets them.</summary>
    public void Clear() => Length = 0;
}
