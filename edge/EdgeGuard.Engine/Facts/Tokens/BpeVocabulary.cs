using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>
/// A vocabulary of byte-pair encoding (Sennrich, Haddow and Birch 2016), read from a <c>.tiktoken</c> file: a line for each token, its bytes in base64, a space
/// and its rank.
/// </summary>
public sealed class BpeVocabulary
{
    /// <summary>Most tokens; those of models have 50 to 260 thousand.</summary>
    public const int MaxTokens = 1_000_000;

    private const int MaxTokenBytes = 1024;
    private const uint FnvPrime = 16_777_619;
    private const uint FnvStart = 2_166_136_261;

    private readonly byte[] _text;
    private readonly Token[] _tokens;
    private readonly int[] _slots;
    private readonly int _longest;

    private BpeVocabulary(byte[] text, Token[] tokens)
    {
        (_text, _tokens) = (text, tokens);
        _slots = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)tokens.Length * 2)];
        for (var i = 0; i < tokens.Length; i++)
        {
            _longest = Math.Max(_longest, tokens[i].Length);
            ref var slot = ref SlotOf(BytesOf(i));
            if (slot != 0)
            {
                throw new FormatException($"line {i + 1}: the token of line {slot} is there again");
            }

            slot = i + 1;
        }

        Span<byte> single = stackalloc byte[1];
        for (var b = 0; b <= byte.MaxValue; b++)
        {
            single[0] = (byte)b;
            if (RankOf(single) < 0)
            {
                throw new FormatException($"byte {b} is no token: it is no vocabulary of bytes");
            }
        }
    }

    /// <summary>Tokens of it.</summary>
    public int Count => _tokens.Length;

    /// <summary>Reads a file.</summary>
    /// <param name="file">All of it.</param>
    /// <exception cref="FormatException">It is no such file; the message says why, with the line.</exception>
    public static BpeVocabulary Read(ReadOnlySpan<byte> file)
    {
        var text = new ArrayBufferWriter<byte>(Math.Max(256, file.Length / 2));
        var tokens = new List<Token>(Math.Min(MaxTokens, file.Length / 8));
        while (!file.IsEmpty)
        {
            var end = file.IndexOf((byte)'\n');
            var line = (end < 0 ? file : file[..end]).TrimEnd((byte)'\r');
            file = end < 0 ? default : file[(end + 1)..];
            if (!line.IsEmpty)
            {
                tokens.Add(ReadLine(line, tokens.Count + 1, text));
            }
        }

        return new BpeVocabulary(text.WrittenSpan.ToArray(), [.. tokens]);
    }

    /// <summary>Rank of a token, or -1: the lower, the sooner it is put together.</summary>
    internal int RankOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _longest)
        {
            return -1;
        }

        var slot = SlotOf(bytes);
        return slot == 0 ? -1 : _tokens[slot - 1].Rank;
    }

    private static Token ReadLine(ReadOnlySpan<byte> line, int number, ArrayBufferWriter<byte> text)
    {
        var space = line.IndexOf((byte)' ');
        if (number > MaxTokens)
        {
            throw new FormatException($"more than {MaxTokens} tokens");
        }

        if (space <= 0 || space > MaxTokenBytes || !Utf8Parser.TryParse(line[(space + 1)..], out int rank, out var used) || used != line.Length - space - 1 || rank < 0)
        {
            throw new FormatException($"line {number} is not a token in base64, a space and a rank");
        }

        var room = text.GetSpan(Base64.GetMaxDecodedFromUtf8Length(space));
        if (Base64.DecodeFromUtf8(line[..space], room, out var read, out var length) != OperationStatus.Done || read != space || length == 0)
        {
            throw new FormatException($"line {number} is not a token in base64, a space and a rank");
        }

        var start = text.WrittenCount;
        text.Advance(length);
        return new Token(start, length, rank);
    }

    // Half of the slots are free, so that there is always one to end at.
    private ref int SlotOf(ReadOnlySpan<byte> bytes)
    {
        var hash = FnvStart;
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * FnvPrime;
        }

        var mask = (uint)_slots.Length - 1;
        for (var at = (hash ^ (hash >> 15)) & mask; ; at = (at + 1) & mask)
        {
            ref var slot = ref _slots[at];
            if (slot == 0 || BytesOf(slot - 1).SequenceEqual(bytes))
            {
                return ref slot;
            }
        }
    }

    private ReadOnlySpan<byte> BytesOf(int token) => _text.AsSpan(_tokens[token].Start, _tokens[token].Length);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Token(int Start, int Length, int Rank);
}
