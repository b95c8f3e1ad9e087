using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Tokens;

namespace EdgeGuard.Identity.Tests.Tokens;

public sealed class TokenCacheTests
{
    [Fact]
    public void Find_AddedToken_IsFoundByItsExactText()
    {
        var cache = new TokenCache(64);
        cache.Add(Entry("Bearer a"), At(0));

        Assert.NotNull(cache.Find("Bearer a"));
        Assert.Null(cache.Find("Bearer b"));
        Assert.Null(cache.Find("Bearer A"));
        Assert.Null(cache.Find("Bearer é"));
    }

    [Fact]
    public void Add_FarMoreThanItHolds_StaysBoundedAndNeverMixesTokensUp()
    {
        var cache = new TokenCache(64);
        for (var i = 0; i < 10_000; i++)
        {
            cache.Add(Entry($"Bearer {i}"), At(0));
        }

        var found = 0;
        for (var i = 0; i < 10_000; i++)
        {
            if (cache.Find($"Bearer {i}") is { } known)
            {
                found++;
                Assert.Equal($"Bearer {i}", known.Result.SourceId);
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
            cache.Add(Entry($"Bearer {i:0000}{filler}"), At(0));
        }

        var found = Enumerable.Range(0, 6000).Count(i => cache.Find($"Bearer {i:0000}{filler}") is not null);

        Assert.InRange(found, 3000, 64 * 1024 * 1024 / 16_000);
    }

    [Fact]
    public void Add_FullSet_TakesThePlaceOfWhatHasExpired()
    {
        var cache = new TokenCache(4);
        for (var i = 0; i < 4; i++)
        {
            cache.Add(Entry($"Bearer {i}", expiresAt: i == 2 ? 50 : 100), At(0));
        }

        cache.Add(Entry("Bearer new"), At(60));

        Assert.Null(cache.Find("Bearer 2"));
        Assert.All((string[])["Bearer 0", "Bearer 1", "Bearer 3", "Bearer new"], text => Assert.NotNull(cache.Find(text)));
    }

    private static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);

    private static CachedToken Entry(string authorization, double expiresAt = 100) => new(
        authorization,
        new TokenFacts { ExpiresAt = expiresAt },
        Credential.None(CredentialKinds.Jwt) with { Outcome = CredentialOutcome.Verified, SourceId = authorization },
        null);
}
