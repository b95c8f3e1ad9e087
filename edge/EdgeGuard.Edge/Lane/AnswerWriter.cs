using System.Text;

namespace EdgeGuard.Edge.Lane;

/// <summary>Writes an answer into room that is known to suffice.</summary>
internal ref struct AnswerWriter(Span<byte> room)
{
    private readonly Span<byte> _room = room;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Writes bytes as they are.</summary>
    public void Put(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_room[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Writes text, a byte a character, as the server does.</summary>
    public void Put(string text) => Length += Encoding.Latin1.GetBytes(text, _room[Length..]);

    /// <summary>Writes a number.</summary>
    public void Put(long number)
    {
        _ = number.TryFormat(_room[Length..], out var written, default, null);
        Length += written;
    }

    /// <summary>Writes a header line.</summary>
    public void PutLine(string name, string value)
    {
        Put(name);
        Put(": "u8);
        Put(value);
        Put("\r\n"u8);
    }

    /// <summary>Writes a header line.</summary>
    /// <param name="name">Its name with colon and blank.</param>
    /// <param name="value">Its value.</param>
    public void PutLine(scoped ReadOnlySpan<byte> name, long value)
    {
        Put(name);
        Put(value);
        Put("\r\n"u8);
    }

    /// <summary>Room for so many bytes more.</summary>
    public Span<byte> Take(int count)
    {
        var taken = _room.Slice(Length, count);
        Length += count;
        return taken;
    }
}
