using System.Text;
using EdgeGuard.Engine.Matching;

namespace EdgeGuard.Engine.Tests.Matching;

public sealed class HostNormalizerTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Example.COM", "example.com")]
    [InlineData("example.com:8080", "example.com")]
    [InlineData("example.com.", "example.com")]
    [InlineData("example.com.:443", "example.com")]
    [InlineData("example.com..", "example.com.")]
    [InlineData(" example.com\t", "example.com")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("[2001:DB8::1]:8443", "[2001:db8::1]")]
    [InlineData("example.com:", "example.com")]
    [InlineData("example.com:http", "example.com:http")]
    [InlineData(".", "")]
    [InlineData(":80", "")]
    public void Normalize_Host_IsAsDocumented(string host, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(host);
        var destination = new byte[bytes.Length];
        var length = HostNormalizer.Normalize(bytes, destination);
        Assert.Equal(expected, Encoding.UTF8.GetString(destination, 0, length));
    }
}
