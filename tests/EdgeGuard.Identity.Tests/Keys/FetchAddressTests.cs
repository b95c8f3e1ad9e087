using EdgeGuard.Identity.Keys;

namespace EdgeGuard.Identity.Tests.Keys;

public sealed class FetchAddressTests
{
    [Theory]
    [InlineData("https://idp.example/jwks", true)]
    [InlineData("https://IDP.example/jwks", true)]
    [InlineData("https://idp.example:8443/jwks", true)]
    [InlineData("https://port.example:8443/jwks", true)]
    [InlineData("https://port.example/jwks", false)]
    [InlineData("https://idp.example.evil/jwks", false)]
    [InlineData("https://evil.example/idp.example", false)]
    [InlineData("https://idp.example@evil.example/", false)]
    [InlineData("https://user:pass@idp.example/", false)]
    [InlineData("http://idp.example/jwks", false)]
    [InlineData("http://127.0.0.1:8000/jwks", true)]
    [InlineData("http://[::1]:8000/jwks", true)]
    [InlineData("http://169.254.169.254/latest", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("ftp://idp.example/", false)]
    [InlineData("/jwks", false)]
    [InlineData("", false)]
    [InlineData("${env:JWKS}", false)]
    public void TryParse_Address_IsHeldToTheOptions(string text, bool allowed)
    {
        var options = new IdentityOptions { FetchHosts = ["idp.example", "port.example:8443", "127.0.0.1", "[::1]:8000"] };

        Assert.Equal(allowed, FetchAddress.TryParse(text, options, out _, out var why));
        Assert.Equal(allowed, why.Length == 0);
    }

    [Fact]
    public void TryParse_PlainHttpSwitchedOff_IsRefused() => Assert.False(FetchAddress.TryParse(
        "http://127.0.0.1/jwks",
        new IdentityOptions { FetchHosts = ["127.0.0.1"], AllowHttpLoopback = false },
        out _,
        out _));
}
