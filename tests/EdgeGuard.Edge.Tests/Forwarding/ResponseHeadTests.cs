using System.Text;
using EdgeGuard.Edge.Forwarding;

namespace EdgeGuard.Edge.Tests.Forwarding;

public sealed class ResponseHeadTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "Length")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "None")]
    [InlineData("HTTP/1.1 200\r\ncontent-length:5\r\n\r\n", "Length")]
    [InlineData("HTTP/1.1 200 \r\nTransfer-Encoding: CHUNKED\r\n\r\n", "Chunked")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", "Chunked")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", "UntilClose")]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", "None")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", "None")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "None")]
    public void Framing_IsToldByTheHead(string text, string framing)
    {
        var head = new ResponseHead();

        Assert.Equal(HeadReading.Whole, head.Read(Encoding.Latin1.GetBytes(text + "body"), toHead: false, out var length));
        Assert.Equal(text.Length, length);
        Assert.Equal(framing, head.Framing.ToString());
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 5\n\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\rC: d\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA : b\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA b: c\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: c\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nnocolon\r\n\r\n")]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1  200 OK\r\n\r\n")]
    [InlineData("HTTP/2 200 OK\r\n\r\n")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public void WhatBreaksTheRules_IsMalformed(string text) =>
        Assert.Equal(HeadReading.Malformed, new ResponseHead().Read(Encoding.Latin1.GetBytes(text), toHead: false, out _));

    [Fact]
    public void EveryBeginning_IsIncomplete()
    {
        var bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: b\r\n\r\n"u8.ToArray();
        var head = new ResponseHead();
        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.Equal(HeadReading.Incomplete, head.Read(bytes.AsSpan(0, i), toHead: false, out _));
        }
    }

    [Theory]
    [InlineData("Connection: close\r\n", true)]
    [InlineData("Connection: x, Close\r\n", true)]
    [InlineData("Connection: keep-alive\r\n", false)]
    [InlineData("", false)]
    public void Close_IsTold(string line, bool closes)
    {
        var head = new ResponseHead();
        _ = head.Read(Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\n{line}Content-Length: 1\r\n\r\n"), toHead: false, out _);
        Assert.Equal(closes, head.Closes);
    }

    [Fact]
    public void TooManyFields_OrTooLong_IsMalformed()
    {
        var many = "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("A: b\r\n", ResponseHead.MaxFields + 1)) + "\r\n";
        var endless = "HTTP/1.1 200 OK\r\nA: " + new string('a', ResponseHead.MaxBytes);

        Assert.Equal(HeadReading.Malformed, new ResponseHead().Read(Encoding.Latin1.GetBytes(many), toHead: false, out _));
        Assert.Equal(HeadReading.Malformed, new ResponseHead().Read(Encoding.Latin1.GetBytes(endless), toHead: false, out _));
    }
}
