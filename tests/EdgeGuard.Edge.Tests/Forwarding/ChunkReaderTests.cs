using System.Text;
using EdgeGuard.Edge.Forwarding;

namespace EdgeGuard.Edge.Tests.Forwarding;

public sealed class ChunkReaderTests
{
    [Theory]
    [InlineData("3\r\nabc\r\n0\r\n\r\n", "abc")]
    [InlineData("3;a=b\r\nabc\r\n2;c=\"d;e\"\r\nde\r\n000;last\r\n\r\n", "abcde")]
    [InlineData("A\r\n0123456789\r\n0\r\nx-sum: 1\r\nx: y\r\n\r\n", "0123456789")]
    [InlineData("0\r\n\r\n", "")]
    public void Data_ComesOut_HoweverItIsCut(string text, string data)
    {
        for (var cut = 1; cut <= text.Length; cut++)
        {
            Assert.Equal(("End", data, "next"), Read(text + "next", cut));
        }
    }

    [Theory]
    [InlineData("3;a\nb\r\nabc\r\n0\r\n\r\n")]
    [InlineData("2;\nxx\r\n45\r\n0\r\n\r\n")]
    [InlineData("3\nabc\r\n0\r\n\r\n")]
    [InlineData("3;a\rb\r\nabc\r\n0\r\n\r\n")]
    [InlineData("3;a\0\r\nabc\r\n0\r\n\r\n")]
    [InlineData("3\r\nabcX\r\n0\r\n\r\n")]
    [InlineData("3\r\nabc\n0\r\n\r\n")]
    [InlineData("3\r\nabc\r\n0\r\n\n")]
    [InlineData("3\r\nabc\r\n0\r\nx: y\n\r\n")]
    [InlineData("3\r\nabc\r\n0\r\n folded\r\n\r\n")]
    [InlineData("3 \r\nabc\r\n0\r\n\r\n")]
    [InlineData("0x3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("-3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("\r\nabc\r\n0\r\n\r\n")]
    [InlineData(";a\r\nabc\r\n0\r\n\r\n")]
    [InlineData("ffffffffffffffff\r\nabc\r\n0\r\n\r\n")]
    public void WhatBreaksTheRules_IsMalformed_HoweverItIsCut(string text)
    {
        for (var cut = 1; cut <= text.Length; cut++)
        {
            Assert.Equal("Malformed", Read(text, cut).Reading);
        }
    }

    [Fact]
    public void BlanksBehindASize_AreTaken_FromUpstreamsOnly()
    {
        ReadOnlySpan<byte> bytes = "3  \r\nabc\r\n0\r\n\r\n"u8;
        var reader = new ChunkReader(blanks: true);

        Assert.Equal(ChunkReading.Data, reader.Read(ref bytes, out var data));
        Assert.Equal("abc", Encoding.ASCII.GetString(data));
        Assert.Equal(ChunkReading.End, reader.Read(ref bytes, out _));
    }

    [Theory]
    [InlineData("3;", ChunkReader.MaxLineBytes)]
    [InlineData("0\r\nx: ", ChunkReader.MaxTrailerBytes)]
    public void EndlessLines_AreMalformed(string begin, int limit) => Assert.Equal("Malformed", Read(begin + new string('a', limit), 100).Reading);

    private static (string Reading, string Data, string Left) Read(string text, int cut)
    {
        var reader = new ChunkReader(blanks: false);
        var data = string.Empty;
        for (var at = 0; at < text.Length; at += cut)
        {
            ReadOnlySpan<byte> piece = Encoding.Latin1.GetBytes(text.Substring(at, Math.Min(cut, text.Length - at)));
            ChunkReading reading;
            while ((reading = reader.Read(ref piece, out var some)) == ChunkReading.Data)
            {
                data += Encoding.Latin1.GetString(some);
            }

            if (reading != ChunkReading.Incomplete)
            {
                return (reading.ToString(), data, Encoding.Latin1.GetString(piece) + text[Math.Min(at + cut, text.Length)..]);
            }
        }

        return ("Incomplete", data, string.Empty);
    }
}
