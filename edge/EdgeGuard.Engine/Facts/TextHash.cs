using System.Buffers.Binary;

namespace EdgeGuard.Engine.Facts;

/// <summary>
/// Quick hashes of pieces of a body, by multiplying and folding (the idea of wyhash and others). Fixed, since they are kept over restarts; not
/// keyed, which is no matter: who finds two texts that meet makes only their own requests look alike.
/// </summary>
internal static class TextHash
{
    // Digits of pi and e: no meaning beyond having about as many ones as zeros.
    private const ulong First = 0x243F6A8885A308D3;
    private const ulong Second = 0xB7E151628AED2A6B;

    public static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a ^ First, b ^ Second, out var low);
        return high ^ low;
    }

    public static ulong Of(ReadOnlySpan<byte> text)
    {
        var hash = (ulong)text.Length;
        while (text.Length >= 8)
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(text));
            text = text[8..];
        }

        var tail = 0UL;
        for (var i = 0; i < text.Length; i++)
        {
            tail |= (ulong)text[i] << (8 * i);
        }

        return Mix(hash, tail);
    }
}
