using System.Text;
using EdgeGuard.Edge.Lane;

namespace EdgeGuard.Edge.Tests.Lane;

/// <summary>A bare line feed is found wherever it stands.</summary>
public sealed class LineEndsTests
{
    [Fact]
    public void HasBareLineFeed_EveryLengthAndPlace_IsWhatALoopOverBytesSays()
    {
        for (var length = 0; length <= 70; length++)
        {
            for (var place = 0; place < length; place++)
            {
                var text = new string('a', length).ToCharArray();
                text[place] = '\n';
                Assert.True(LineEnds.HasBareLineFeed(Encoding.ASCII.GetBytes(text)), $"{place} of {length}");
                if (place > 0)
                {
                    text[place - 1] = '\r';
                    Assert.False(LineEnds.HasBareLineFeed(Encoding.ASCII.GetBytes(text)), $"{place} of {length}");
                }
            }

            Assert.False(LineEnds.HasBareLineFeed(Encoding.ASCII.GetBytes(new string('\r', length))));
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nAccept: text/plain\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\nAccept: text/plain\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nAccept: text/plain\r\n\n", true)]
    [InlineData("\n", true)]
    [InlineData("\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n", false)]
    public void HasBareLineFeed_Heads_AreTold(string head, bool expected) =>
        Assert.Equal(expected, LineEnds.HasBareLineFeed(Encoding.ASCII.GetBytes(head)));
}
