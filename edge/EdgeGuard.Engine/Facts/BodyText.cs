namespace EdgeGuard.Engine.Facts;

/// <summary>A short text that a body holds, escapes resolved, in memory of its own that is reused.</summary>
/// <param name="capacity">Most bytes that are kept; a longer text is only known to be too long.</param>
public sealed class BodyText(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];
    private int _length;

    /// <summary>Whether it is there more than once, or under a name in other letters, so that another reader might take another one for it.</summary>
    public bool IsAmbiguous { get; private set; }

    /// <summary>Whether it is longer than is kept.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Whether it is there, once, and is kept whole.</summary>
    public bool IsKnown => _length > 0 && !IsAmbiguous && !IsTooLong;

    /// <summary>The text in UTF-8; empty when it is not known.</summary>
    public ReadOnlySpan<byte> Value => IsKnown ? _bytes.AsSpan(0, _length) : default;

    /// <summary>Forgets it.</summary>
    public void Clear() => (_length, IsAmbiguous, IsTooLong) = (0, false, false);

    /// <summary>Marks it as ambiguous.</summary>
    public void Doubt() => IsAmbiguous = true;

    /// <summary>Puts a text in the place of whatever was there.</summary>
    public void Set(ReadOnlySpan<byte> text)
    {
        Clear();
        Take(text, escaped: false);
    }

    /// <summary>Takes a text as it is written between its quotes.</summary>
    internal void Take(ReadOnlySpan<byte> raw, bool escaped)
    {
        IsAmbiguous |= _length > 0 || IsTooLong;

        // Resolved, a text is never longer than as it is written, and never shorter than a sixth of it.
        if (raw.Length > (escaped ? 6 * _bytes.Length : _bytes.Length))
        {
            IsTooLong = true;
            return;
        }

        if (!escaped)
        {
            raw.CopyTo(_bytes);
            _length = raw.Length;
            return;
        }

        Span<byte> text = stackalloc byte[6 * MaxCapacity];
        var length = JsonText.Unescape(raw, text);
        IsTooLong |= length > _bytes.Length;
        _length = Math.Min(length, _bytes.Length);
        text[.._length].CopyTo(_bytes);
    }

    /// <summary>Most that any of them keeps.</summary>
    internal const int MaxCapacity = 128;
}
