using System.Text;
using EdgeGuard.Edge.Llm;

namespace EdgeGuard.Edge.Tests.Llm;

public sealed class StreamUsageOptionTests
{
    [Theory]
    [InlineData("""{"stream":true}""", """{"stream_options":{"include_usage":true},"stream":true}""")]
    [InlineData("""{ "model":"m", "stream" : true, "stream_options": null }""", """{ "model":"m", "stream" : true, "stream_options": {"include_usage":true} }""")]
    [InlineData("""{"stream":true,"stream_options":{}}""", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream":true,"stream_options":{"x":[{"include_usage":1}]}}""", """{"stream":true,"stream_options":{"include_usage":true,"x":[{"include_usage":1}]}}""")]
    [InlineData("""{"stream_options":{"include_usage":false},"stream":true}""", """{"stream_options":{"include_usage":true},"stream":true}""")]
    public void RequestForAStream_IsMadeToAsk(string body, string expected)
    {
        var edit = StreamUsageOption.Find(Encoding.UTF8.GetBytes(body))!.Value;
        Assert.Equal(expected, body[..edit.Position] + Encoding.UTF8.GetString(edit.Inserted) + body[(edit.Position + edit.Removed)..]);
    }

    [Theory]
    [InlineData("""{"stream":false}""")]
    [InlineData("{}")]
    [InlineData("""{"a":{"stream":true}}""")]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream":true,"stream":true}""")]
    [InlineData("""{"stream":true,"stream_options":{},"stream_options":{}}""")]
    [InlineData("""{"stream":true,"stream_options":7}""")]
    [InlineData("""{"stream":true""")]
    [InlineData("[]")]
    [InlineData("")]
    public void OtherRequests_StayAsTheyAre(string body) => Assert.Null(StreamUsageOption.Find(Encoding.UTF8.GetBytes(body)));
}
