using System.Globalization;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class SipHashTests
{
    /// <summary>Key 00..0f, low half first.</summary>
    private static readonly UInt128 Key = new(0x0f0e0d0c0b0a0908, 0x0706050403020100);

    /// <summary>From vectors_sip128 of the authors' reference implementation: the text is 00 01 02 ... of the length.</summary>
    [Theory]
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(1, "da87c1d86b99af44347659119b22fc45")]
    [InlineData(2, "8177228da4a45dc7fca38bdef60affe4")]
    [InlineData(3, "9c70b60c5267a94e5f33b6b02985ed51")]
    [InlineData(4, "f88164c12d9c8faf7d0f6e7c7bcd5579")]
    [InlineData(5, "1368875980776f8854527a07690e9627")]
    [InlineData(6, "14eeca338b208613485ea0308fd7a15e")]
    [InlineData(7, "a1f1ebbed8dbc153c0b84aa61ff08239")]
    [InlineData(8, "3b62a9ba6258f5610f83e264f31497b4")]
    [InlineData(9, "264499060ad9baabc47f8b02bb6d71ed")]
    [InlineData(10, "00110dc378146956c95447d3f3d0fbba")]
    [InlineData(11, "0151c568386b6677a2b4dc6f81e5dc18")]
    [InlineData(12, "d626b266905ef35882634df68532c125")]
    [InlineData(13, "9869e247e9c08b10d029934fc4b952f7")]
    [InlineData(14, "31fcefac66d7de9c7ec7485fe4494902")]
    [InlineData(15, "5493e99933b0a8117e08ec0f97cfc3d9")]
    public void Hash_OfTheReferenceTexts_IsTheReferenceHash(int length, string expected)
    {
        var message = new byte[length];
        for (var i = 0; i < length; i++)
        {
            message[i] = (byte)i;
        }

        var (low, high) = SipHash.Hash(Key, message);
        Assert.Equal(expected, Bytes(low) + Bytes(high));
    }

    [Fact]
    public void Append_WordsInAnyPortions_GivesTheHashOfTheWholeText()
    {
        var random = Seeds.Next(out var seed);
        for (var i = 0; i < 500; i++)
        {
            var message = new byte[random.Next(0, 40) * 8];
            random.NextBytes(message);
            var state = new SipHash(Key);
            var rest = message.AsSpan();
            while (!rest.IsEmpty)
            {
                var portion = random.Next(1, (rest.Length / 8) + 1) * 8;
                state.AppendPadded(rest[..portion]);
                rest = rest[portion..];
            }

            Assert.True(SipHash.Hash(Key, message) == state.Finish(), $"seed {seed}");
        }
    }

    private static string Bytes(ulong word) =>
        System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word).ToString("x16", CultureInfo.InvariantCulture);
}
