using System.Text;
using EdgeGuard.Bench.Load.Responses;

namespace EdgeGuard.Bench.Load.Tests.Responses;

public sealed class ResponseReaderTests
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n";

    private static ResponseExpectation Expect(params string[] headers) => new([200], headers);

    private static ReadOutcome Read(string text, out int consumed, bool head = false)
        => new ResponseReader(Expect(), head).Read(Encoding.ASCII.GetBytes(text), out consumed);

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n")]
    [InlineData(Chunked)]
    public void Read_OfAWholeAnswer_ConsumesExactlyIt(string answer)
    {
        Assert.Equal(ReadOutcome.Complete, Read(answer + "HTTP/1.1 200", out int consumed));
        Assert.Equal(answer.Length, consumed);
    }

    [Fact]
    public void Read_OfAnAnswerToHead_ExpectsNoBody()
        => Assert.Equal(ReadOutcome.Complete, Read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", out _, head: true));

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData(Chunked)]
    public void Read_OfAnAnswerByteByByte_IsCompleteWithTheLast(string answer)
    {
        ResponseReader reader = new(Expect(), answersHead: false);
        byte[] bytes = Encoding.ASCII.GetBytes(answer);
        int from = 0;
        for (int until = 1; until <= bytes.Length; until++)
        {
            ReadOutcome outcome = reader.Read(bytes.AsSpan(from, until - from), out int consumed);
            from += consumed;
            Assert.Equal(until == bytes.Length ? ReadOutcome.Complete : ReadOutcome.NeedsMore, outcome);
        }

        Assert.Equal(bytes.Length, from);
        Assert.True(reader.IsRight);
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n")]
    public void Read_OfSomethingElse_IsMalformed(string text) => Assert.Equal(ReadOutcome.Malformed, Read(text, out _));

    [Fact]
    public void Read_OfAHeadWithoutEnd_IsMalformedAtTheBound()
        => Assert.Equal(ReadOutcome.Malformed, Read("HTTP/1.1 200 OK\r\nX: " + new string('a', ResponseReader.MaxHeadBytes), out _));

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX-Verdict: allow\r\nX-Id: 7\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nx-verdict:allow \r\nX-ID:\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Verdict: warn\r\nX-Id: 7\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Verdict: allow\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 429 No\r\nX-Verdict: allow\r\nX-Id: 7\r\nContent-Length: 0\r\n\r\n", false)]
    public void IsRight_OfAnAnswer_WantsStatusAndEveryHeader(string text, bool right)
    {
        ResponseReader reader = new(Expect("X-Verdict: allow", "X-Id"), answersHead: false);

        Assert.Equal(ReadOutcome.Complete, reader.Read(Encoding.ASCII.GetBytes(text), out _));
        Assert.Equal(right, reader.IsRight);
    }

    [Fact]
    public void Closes_OfConnectionClose_IsTold()
    {
        ResponseReader reader = new(Expect(), answersHead: false);
        reader.Read("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"u8, out _);

        Assert.True(reader.Closes);
    }
}
