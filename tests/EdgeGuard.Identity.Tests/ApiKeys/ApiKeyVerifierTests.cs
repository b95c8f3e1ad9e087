using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.ApiKeys;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.ApiKeys;

public sealed class ApiKeyVerifierTests
{
    private const string Origin = "https://app.example.com";

    private static readonly string Secret = ApiKeyText.Create(isPublishable: false, "live");
    private static readonly string Publishable = ApiKeyText.Create(isPublishable: true, "test");

    private readonly TestTimeProvider _time = new();
    private readonly FailureLimiter _failures;

    public ApiKeyVerifierTests() => _failures = new FailureLimiter(2, 1, _time);

    [Theory]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("authorization", "bearer   {0}")]
    [InlineData("X-API-Key", "{0}")]
    [InlineData("x-api-key", " {0} ")]
    public void SecretKey_InEitherHeader_IsVerifiedWithItsFacts(string header, string form)
    {
        var credential = Verify(new FakeRequest((header, string.Format(null, form, Secret))), Key());

        Assert.Equal(CredentialOutcome.Verified, credential.Outcome);
        Assert.Equal(("billing", "acme", "gold", "secret", "live"),
            (credential.Values["id"], credential.Values["org"], credential.Values["plan"], credential.Values["kind"], credential.Values["environment"]));
        Assert.Equal(("billing", "acme", true), (credential.SourceId, credential.Organization, credential.Scopes.Contains("read")));
    }

    [Fact]
    public void NoKey_IsNone()
    {
        Assert.Equal(CredentialOutcome.None, Verify(new FakeRequest(), Key()).Outcome);
        Assert.Equal(CredentialOutcome.None, Verify(new FakeRequest(("Authorization", "Bearer ey.ey.xx")), Key()).Outcome);
        Assert.Equal(CredentialOutcome.None, Verify(new FakeRequest(("Authorization", "Basic abc")), Key()).Outcome);
    }

    [Fact]
    public void Key_InBothHeadersOrTwice_IsRefused()
    {
        Assert.Equal(ApiKeyFailures.Repeated, Verify(new FakeRequest(("Authorization", "Bearer " + Secret), ("X-API-Key", Secret)), Key()).Failure);
        Assert.Equal(ApiKeyFailures.Repeated, Verify(new FakeRequest(("X-API-Key", Secret), ("X-API-Key", Secret)), Key()).Failure);
        Assert.Equal(ApiKeyFailures.Repeated, Verify(new FakeRequest(("Authorization", "Bearer " + Secret), ("Authorization", "Basic x")), Key()).Failure);
    }

    [Theory]
    [InlineData("sk_live_short", ApiKeyFailures.Malformed)]
    [InlineData("something else", ApiKeyFailures.Malformed)]
    [InlineData("typo", ApiKeyFailures.Malformed)]
    [InlineData("case", ApiKeyFailures.Malformed)]
    [InlineData("other", ApiKeyFailures.UnknownKey)]
    public void Key_ThatIsNotKnown_IsRefused(string what, string failure)
    {
        var text = what switch
        {
            "typo" => Secret[..20] + (Secret[20] == 'a' ? 'b' : 'a') + Secret[21..],
            "case" => "SK" + Secret[2..],
            "other" => ApiKeyText.Create(isPublishable: false, "live"),
            _ => what,
        };

        var credential = Verify(new FakeRequest(("X-API-Key", text)), Key());

        Assert.Equal((CredentialOutcome.Invalid, failure), (credential.Outcome, credential.Failure));
        Assert.Empty(credential.Values);
    }

    [Fact]
    public void Key_WhereNobodyAsksForOne_IsNobodysBusiness() => Assert.Equal(
        CredentialOutcome.None, Verify(new FakeRequest(("X-API-Key", "foreign")) { Wanted = CredentialKinds.Jwt }, Key()).Outcome);

    [Fact]
    public void UnknownKeys_ChargeTheirClient_AndNeverKeepAGoodKeyOut()
    {
        var verifier = Verifier(Key());
        var bad = new FakeRequest(("X-API-Key", ApiKeyText.Create(isPublishable: false, "live")));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(ApiKeyFailures.UnknownKey, Verify(bad, verifier).Failure);
        }

        Assert.True(_failures.IsExhausted(bad.ClientAddress));
        Assert.Equal(CredentialOutcome.Verified, Verify(new FakeRequest(("X-API-Key", Secret)), verifier).Outcome);
    }

    [Fact]
    public void KeyOfSomebodyElse_IsRefusedAndChargesNobody()
    {
        var verifier = Verifier(Key());
        var foreign = new FakeRequest(("X-API-Key", "another-systems-key"));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(ApiKeyFailures.Malformed, Verify(foreign, verifier).Failure);
        }

        Assert.False(_failures.IsExhausted(foreign.ClientAddress));
    }

    [Fact]
    public void Times_HoldToTheMoment()
    {
        var now = _time.GetUtcNow();
        var key = Key() with { NotBefore = now + TimeSpan.FromMinutes(2), ExpiresAt = now + TimeSpan.FromMinutes(2.5) };
        var verifier = Verifier(key);
        var request = new FakeRequest(("X-API-Key", Secret));

        Assert.Equal(ApiKeyFailures.NotYetValid, Verify(request, verifier).Failure);
        _time.Advance(TimeSpan.FromMinutes(1)); // A minute of leeway for clocks.
        var verified = Verify(request, verifier);
        Assert.Equal(CredentialOutcome.Verified, verified.Outcome);
        Assert.Equal(key.NotBefore, verified.IssuedAt);
        _time.Advance(TimeSpan.FromMinutes(1.5) - TimeSpan.FromTicks(1));
        Assert.Equal(CredentialOutcome.Verified, Verify(request, verifier).Outcome);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(ApiKeyFailures.Expired, Verify(request, verifier).Failure);
    }

    [Theory]
    [InlineData(Origin, "GET", "/v1/a", "")]
    [InlineData("", "GET", "/v1/a", ApiKeyFailures.Origin)]
    [InlineData("null", "GET", "/v1/a", ApiKeyFailures.Origin)]
    [InlineData("https://app.example.com.evil.test", "GET", "/v1/a", ApiKeyFailures.Origin)]
    [InlineData("http://app.example.com", "GET", "/v1/a", ApiKeyFailures.Origin)]
    [InlineData(Origin, "POST", "/v1/a", ApiKeyFailures.Method)]
    [InlineData(Origin, "GET", "/admin", ApiKeyFailures.Path)]
    public void PublishableKey_CountsOnlyWhereItMayBeUsed(string origin, string method, string target, string failure)
    {
        (string, string)[] headers = origin.Length == 0 ? [("X-API-Key", Publishable)] : [("X-API-Key", Publishable), ("Origin", origin)];

        var credential = Verify(new FakeRequest(headers) { Method = method, Target = target }, PublishableKey());

        Assert.Equal(failure, credential.Failure);
        Assert.Equal(failure.Length == 0, credential.Outcome == CredentialOutcome.Verified);
    }

    [Fact]
    public void PublishableKey_WithTwoOrigins_IsRefused() => Assert.Equal(
        ApiKeyFailures.Origin,
        Verify(new FakeRequest(("X-API-Key", Publishable), ("Origin", Origin), ("Origin", Origin)), PublishableKey()).Failure);

    [Fact]
    public void SecretKey_FromABrowser_IsRefused() => Assert.Equal(
        ApiKeyFailures.SecretInBrowser, Verify(new FakeRequest(("X-API-Key", Secret), ("Origin", Origin)), Key()).Failure);

    [Fact]
    public void Rotation_OldAndNewSideBySide_NeitherIsRefused()
    {
        var fresh = ApiKeyText.Create(isPublishable: false, "live");
        var verifier = Verifier(Key(), Key() with { Id = "billing-2", Sha256 = ApiKeyText.DigestText(fresh) });

        Assert.Equal("billing", Verify(new FakeRequest(("X-API-Key", Secret)), verifier).SourceId);
        Assert.Equal("billing-2", Verify(new FakeRequest(("X-API-Key", fresh)), verifier).SourceId);
    }

    [Fact]
    public void PushedKeys_StandBesideThoseOfTheBundle_AndAreReplacedAsAWhole()
    {
        var verifier = Verifier(Key());
        var pushed = ApiKeyText.Create(isPublishable: false, "live");
        var request = new FakeRequest(("X-API-Key", pushed));

        verifier.UsePushed([Key() with { Id = "pushed", Sha256 = ApiKeyText.DigestText(pushed) }]);
        Assert.Equal("pushed", Verify(request, verifier).SourceId);
        Assert.Equal("billing", Verify(new FakeRequest(("X-API-Key", Secret)), verifier).SourceId);
        verifier.Use(IdentitySources.None);
        Assert.Equal("pushed", Verify(request, verifier).SourceId);
        verifier.UsePushed([]);
        Assert.Equal(ApiKeyFailures.UnknownKey, Verify(request, verifier).Failure);
    }

    [Fact]
    public void Verified_DoesNotAllocate()
    {
        var verifier = Verifier(Key());
        var request = new FakeRequest(("Authorization", "Bearer " + Secret));

        var verified = 0;
        var least = Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                verified += Verify(request, verifier).Outcome == CredentialOutcome.Verified ? 1 : 0;
            }
        });

        Assert.Equal(IdentityBudgets.Of("bytes_per_api_key"), least / 100d);
        Assert.Equal(1_100, verified);
    }

    [Fact]
    public void Table_OfManyKeys_FindsEachAndNoOther()
    {
        var keys = Enumerable.Range(0, 5_000).Select(_ => ApiKeyText.Create(isPublishable: false, "live")).ToList();
        var table = new ApiKeyTable(keys.Select((text, i) => Key() with { Id = "k" + i, Sha256 = ApiKeyText.DigestText(text) }));
        Span<byte> digest = stackalloc byte[32];

        for (var i = 0; i < keys.Count; i++)
        {
            ApiKeyText.Digest(keys[i], digest);
            Assert.Equal("k" + i, table.Find(digest)?.Definition.Id);
            digest[i % 32] ^= 1;
            Assert.Null(table.Find(digest));
        }

        Assert.Equal(5_000, table.Count);
    }

    private static ApiKeyDefinition Key() => new()
    {
        Id = "billing",
        IsPublishable = false,
        Sha256 = ApiKeyText.DigestText(Secret),
        Organization = "acme",
        Plan = "gold",
        Scopes = ["read"],
    };

    private static ApiKeyDefinition PublishableKey() => Key() with
    {
        IsPublishable = true,
        Sha256 = ApiKeyText.DigestText(Publishable),
        AllowedOrigins = [Origin],
        AllowedMethods = ["GET"],
        AllowedPaths = ["/v1/"],
    };

    private ApiKeyVerifier Verifier(params ApiKeyDefinition[] keys)
    {
        var verifier = new ApiKeyVerifier(_time, _failures);
        verifier.Use(new IdentitySources { ApiKeys = [.. keys] });
        return verifier;
    }

    private Credential Verify(FakeRequest request, params ApiKeyDefinition[] keys) => Verify(request, Verifier(keys));

    private static Credential Verify(FakeRequest request, ApiKeyVerifier verifier)
    {
        var pending = verifier.VerifyAsync(request, CancellationToken.None);
        if (!pending.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("An API key is never waited for.");
        }

        return pending.Result;
    }
}
