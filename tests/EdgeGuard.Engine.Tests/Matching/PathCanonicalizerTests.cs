using System.Text;
using EdgeGuard.Engine.Matching;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Matching;

public sealed class PathCanonicalizerTests
{
    [Theory]
    [InlineData("/", "/", -1)]
    [InlineData("/a/b", "/a/b", -1)]
    [InlineData("/a?x=1", "/a", 3)]
    [InlineData("/a?", "/a", 3)]
    [InlineData("/a?x=../%2f%00", "/a", 3)]
    [InlineData("/a/./b/../c", "/a/c", -1)]
    [InlineData("/a/../b?x=1", "/b", 8)]
    [InlineData("/..", "/", -1)]
    [InlineData("/../../etc/passwd", "/etc/passwd", -1)]
    [InlineData("/a/b/..", "/a/", -1)]
    [InlineData("/a/b/.", "/a/b/", -1)]
    [InlineData("/%2e%2e/x", "/x", -1)]
    [InlineData("/a/%2E%2e/b", "/b", -1)]
    [InlineData("/a/.%2e/b", "/b", -1)]
    [InlineData("/a/%2e/b", "/a/b", -1)]
    [InlineData("/%61dmin", "/admin", -1)]
    [InlineData("/a%20b", "/a b", -1)]
    [InlineData("/a+b", "/a+b", -1)]
    [InlineData("/%2561", "/%61", -1)]
    [InlineData("/%252e%252e/x", "/%2e%2e/x", -1)]
    [InlineData("/%252f", "/%2f", -1)]
    [InlineData("/a%3Fb", "/a?b", -1)]
    [InlineData("/a%23b", "/a#b", -1)]
    [InlineData("/a%25", "/a%", -1)]
    [InlineData("//a///b", "//a///b", -1)]
    [InlineData("//a/../b", "//b", -1)]
    [InlineData("/...", "/...", -1)]
    [InlineData("/.hidden", "/.hidden", -1)]
    [InlineData("/a./b../.c", "/a./b../.c", -1)]
    [InlineData("/%C3%A4", "/ä", -1)]
    [InlineData("/ä", "/ä", -1)]
    [InlineData("/a;p=1/../b", "/b", -1)]
    [InlineData("/a%0ab", "/a\nb", -1)]
    public void TryCanonicalize_Target_GivesPathAndQuery(string target, string path, int query)
    {
        Assert.True(Canonicalize(Encoding.UTF8.GetBytes(target), out var canonical, out var queryStart));
        Assert.Equal((path, query), (Encoding.UTF8.GetString(canonical), queryStart));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("*")]
    [InlineData("http://example.com/")]
    [InlineData("example.com:443")]
    [InlineData("?x")]
    [InlineData("/a%2fb")]
    [InlineData("/a%2Fb")]
    [InlineData("/a%5cb")]
    [InlineData("/a%5Cb")]
    [InlineData("/a\\b")]
    [InlineData("/..%2f..%2fetc")]
    [InlineData("/%00")]
    [InlineData("/a\0")]
    [InlineData("/%")]
    [InlineData("/%4")]
    [InlineData("/%zz")]
    [InlineData("/%u0041")]
    [InlineData("/%-1")]
    [InlineData("/a b")]
    [InlineData("/a\tb")]
    [InlineData("/a\r\nX: y")]
    [InlineData("/a\u007f")]
    [InlineData("/a#frag")]
    [InlineData("/a?x#frag")]
    [InlineData("/a?x y")]
    [InlineData("/a?x\r\n")]
    [InlineData("/%C0%AF")]
    [InlineData("/%c0%ae%c0%ae/")]
    [InlineData("/%E0%80%AF")]
    [InlineData("/%F0%80%80%AF")]
    [InlineData("/%ED%A0%80")]
    [InlineData("/%F4%90%80%80")]
    [InlineData("/%FF")]
    [InlineData("/%C3")]
    [InlineData("/%80")]
    public void TryCanonicalize_AmbiguousTarget_IsRefused(string target) =>
        Assert.False(Canonicalize(Encoding.UTF8.GetBytes(target), out _, out _));

    [Fact]
    public void TryCanonicalize_RawInvalidUtf8_IsRefused()
    {
        Assert.False(Canonicalize([(byte)'/', 0xC0, 0xAF], out _, out _));
        Assert.False(Canonicalize([(byte)'/', 0xFF], out _, out _));
    }

    [Theory]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    public void TryCanonicalize_LongTarget_IsBounded(int length, bool accepted) =>
        Assert.Equal(accepted, Canonicalize(Encoding.ASCII.GetBytes("/".PadRight(length, 'a')), out _, out _));

    [Fact]
    public void TryCanonicalize_CanonicalPathForwarded_IsItself()
    {
        var random = Seeds.Next(out var seed);
        string[] parts = ["/", "/", "a", "b", ".", "..", "%2e", "%2E", "%25", "%61", "%3f", "%20", ";", "%C3%A4", "ä", "%2f", "%", "%0d", "~", "+", "%7F"];
        var accepted = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var target = "/" + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            if (!Canonicalize(Encoding.UTF8.GetBytes(target), out var path, out _))
            {
                continue;
            }

            accepted++;
            var forwarded = PathCanonicalizer.ToTarget(path);
            var told = $"seed {seed}: {target} gives {Encoding.UTF8.GetString(path)}, forwarded as {forwarded}";
            Assert.True(Canonicalize(Encoding.UTF8.GetBytes(forwarded), out var again, out var query), told);
            Assert.True(path.AsSpan().SequenceEqual(again) && query == -1, told);
            Assert.All(forwarded, c => Assert.InRange(c, '!', '~'));
            var text = Encoding.UTF8.GetString(path) + "/";
            Assert.False(text.Contains("/./", StringComparison.Ordinal) || text.Contains("/../", StringComparison.Ordinal), told);
        }

        Assert.True(accepted > 1000);
    }

    [Theory]
    [InlineData("/a b", "/a%20b")]
    [InlineData("/a%2f", "/a%252f")]
    [InlineData("/ä?#", "/%C3%A4%3F%23")]
    [InlineData("/a:@!$&'()*+,;=-._~", "/a:@!$&'()*+,;=-._~")]
    public void ToTarget_Path_EscapesWhatIsNoPathCharacter(string path, string target) =>
        Assert.Equal(target, PathCanonicalizer.ToTarget(Encoding.UTF8.GetBytes(path)));

    private static bool Canonicalize(byte[] target, out byte[] path, out int queryStart)
    {
        var destination = new byte[target.Length];
        var done = PathCanonicalizer.TryCanonicalize(target, destination, out var written, out queryStart);
        path = destination[..written];
        return done;
    }
}
