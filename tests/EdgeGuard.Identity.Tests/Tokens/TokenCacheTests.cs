using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Tokens;

namespace EdgeGuard.Identity.Tests.Tokens;

public sealed class TokenCacheTests
{
    [Fact]
    public void Find_AddedToken_IsFoundUntilItExpires()
    {
        var cache = new TokenCache(64);
        cache.Add("Bearer a", Entry("Bearer a", expiresAt: 100), 0);

        Assert.NotNull(cache.Find("Bearer a", 99));
        Assert.Null(cache.Find("Bearer a", 100));
        Assert.Null(cache.Find("Bearer b", 0));
        Assert.Null(cache.Find("Bearer é", 0));
    }

    [Fact]
    public void Add_FarMoreThanItHolds_StaysBoundedAndNeverMixesTokensUp()
    {
        var cache = new TokenCache(64);
        for (var i = 0; i < 10_000; i++)
        {
            cache.Add($"Bearer {i}", Entry($"Bearer {i}", expiresAt: 100), 0);
        }

        var found = 0;
        for (var i = 0; i < 10_000; i++)
        {
            if (cache.Find($"Bearer {i}", 0) is { } result)
            {
                found++;
                Assert.Equal($"Bearer {i}", result.SourceId);
            }
        }

        Assert.InRange(found, 1, 64);
    }

    [Fact]
    public void Add_LargeTokens_StayWithinTheBytesAllowed()
    {
        var cache = new TokenCache(16_384);
        var filler = new string('x', 8000);
        for (var i = 0; i < 6000; i++)
        {
            cache.Add($"Bearer {i:0000}{filler}", Entry($"Bearer {i:0000}{filler}", expiresAt: 100), 0);
        }

        var found = Enumerable.Range(0, 6000).Count(i => cache.Find($"Bearer {i:0000}{filler}", 0) is not null);

        Assert.InRange(found, 3000, 32 * 1024 * 1024 / 8000);
    }

    private static CachedToken Entry(string authorization, long expiresAt) => new(
        Encoding.ASCII.GetBytes(authorization),
        Credential.None(CredentialKinds.Jwt) with { Outcome = CredentialOutcome.Verified, SourceId = authorization },
        expiresAt,
        null);
}
