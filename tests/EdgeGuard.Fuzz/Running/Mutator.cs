using System.Buffers.Binary;
using System.Text;

namespace EdgeGuard.Fuzz.Running;

/// <summary>Changes inputs at random, and in the same way for the same seed.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<string> words)
{
    /// <summary>Longest input: the readers' own bounds are tested with less.</summary>
    public const int MaxBytes = 64 * 1024;

    // At the edges of signed and unsigned numbers of one byte, and what separates words in most languages.
    private static readonly byte[] Edges = [0, 1, 9, 10, 13, 32, 0x22, 0x25, 0x26, 0x2E, 0x2F, 0x3B, 0x3D, 0x5C, 0x7B, 0x7D, 0x7F, 0x80, 0xC0, 0xFE, 0xFF];

    private static readonly string[] Numbers =
        ["0", "-1", "1e999", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616", "2147483648", "0.1e-7", "1."];

    private readonly Random _random = new(seed);

    /// <summary>One of a list.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    /// <summary>A changed copy of an input.</summary>
    /// <param name="input">What it comes from.</param>
    /// <param name="other">Another input, parts of which may go into it.</param>
    public byte[] Change(byte[] input, byte[] other)
    {
        var bytes = new List<byte>(input);
        for (var left = 1 + _random.Next(_random.Next(8) == 0 ? 32 : 4); left > 0; left--)
        {
            ChangeOnce(bytes, other);
        }

        if (bytes.Count > MaxBytes)
        {
            bytes.RemoveRange(MaxBytes, bytes.Count - MaxBytes);
        }

        return [.. bytes];
    }

    private void ChangeOnce(List<byte> bytes, byte[] other)
    {
        var at = bytes.Count == 0 ? 0 : _random.Next(bytes.Count);
        switch (_random.Next(11))
        {
            case 0 when bytes.Count > 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when bytes.Count > 0:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2 when bytes.Count > 0:
                bytes[at] = Pick(Edges);
                break;
            case 3:
                bytes.Insert(at, Pick(Edges));
                break;
            case 4:
                bytes.RemoveRange(at, Length(bytes.Count - at));
                break;
            case 5:
                Repeat(bytes, at);
                break;
            case 6:
                InsertPart(bytes, at, other);
                break;
            case 7 when words.Count > 0:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pick(words)));
                break;
            case 8:
                ReplaceNumber(bytes, at);
                break;
            case 9 when bytes.Count >= 8:
                WriteInteger(bytes, Math.Min(at, bytes.Count - 8));
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }

    // Mostly short: a long part takes the meaning of the rest away.
    private int Length(int most) => most <= 0 ? 0 : 1 + _random.Next(_random.Next(4) == 0 ? most : Math.Min(most, 12));

    private void Repeat(List<byte> bytes, int at)
    {
        var part = bytes.GetRange(at, Length(bytes.Count - at));
        for (var times = 1 + _random.Next(_random.Next(16) == 0 ? 500 : 3); times > 0 && bytes.Count < MaxBytes; times--)
        {
            bytes.InsertRange(at, part);
        }
    }

    private void InsertPart(List<byte> bytes, int at, byte[] other)
    {
        if (other.Length > 0)
        {
            var start = _random.Next(other.Length);
            bytes.InsertRange(at, other.AsSpan(start, Length(other.Length - start)));
        }
    }

    private void ReplaceNumber(List<byte> bytes, int at)
    {
        var start = bytes.FindIndex(at, b => b is >= (byte)'0' and <= (byte)'9');
        if (start >= 0)
        {
            var end = bytes.FindIndex(start, b => b is < (byte)'0' or > (byte)'9');
            bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
            bytes.InsertRange(start, Encoding.ASCII.GetBytes(Pick(Numbers)));
        }
    }

    private void WriteInteger(List<byte> bytes, int at)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, _random.Next(4) switch
        {
            0 => long.MaxValue,
            1 => -1,
            2 => 1L << _random.Next(64),
            _ => _random.NextInt64(),
        });
        for (var i = 0; i < number.Length; i++)
        {
            bytes[at + i] = number[i];
        }
    }
}
