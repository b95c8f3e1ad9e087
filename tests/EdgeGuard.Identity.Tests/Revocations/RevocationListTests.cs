using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Revocations;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Revocations;

public sealed class RevocationListTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly RevocationList _list = new();

    [Theory]
    [InlineData(RevokedKind.Organization, "acme", true)]
    [InlineData(RevokedKind.Organization, "other", false)]
    [InlineData(RevokedKind.Subject, "alice", true)]
    [InlineData(RevokedKind.Subject, "acme", false)]
    [InlineData(RevokedKind.Key, "alice", false)]
    public void ValidAfter_VoidsWhatWasIssuedBefore(RevokedKind kind, string value, bool matches)
    {
        _list.UsePushed(new RevocationsDefinition { TokensValidAfter = [new TokensValidAfter(kind, value, Noon)] });

        Assert.Equal(matches, _list.Revokes(Token(Noon.AddSeconds(-1))));
        Assert.False(_list.Revokes(Token(Noon)));
        Assert.False(_list.Revokes(Token(Noon.AddSeconds(1))));
        Assert.Equal(matches, _list.Revokes(Token(null)));
    }

    [Fact]
    public void Key_ById_IsVoidForApiKeysOnly()
    {
        _list.UsePushed(new RevocationsDefinition { TokensValidAfter = [new TokensValidAfter(RevokedKind.Key, "billing", Noon)] });
        var key = Token(null) with { Kind = CredentialKinds.ApiKey, SourceId = "billing" };

        Assert.True(_list.Revokes(key));
        Assert.False(_list.Revokes(key with { IssuedAt = Noon }));
        Assert.False(_list.Revokes(key with { Kind = CredentialKinds.Jwt }));
    }

    [Fact]
    public void TokenId_VoidsThatTokenAlone()
    {
        _list.UseBundle(new RevocationsDefinition { TokenIds = ["t-1"] });

        Assert.True(_list.Revokes(Token(Noon)));
        Assert.False(_list.Revokes(Token(Noon) with { TokenId = "t-2" }));
        Assert.False(_list.Revokes(Token(Noon) with { TokenId = null }));
    }

    [Fact]
    public void BundleAndPushed_AddUp_AndTheLaterTimeCounts()
    {
        _list.UseBundle(new RevocationsDefinition { TokensValidAfter = [new TokensValidAfter(RevokedKind.Organization, "acme", Noon)] });
        _list.UsePushed(new RevocationsDefinition { TokensValidAfter = [new TokensValidAfter(RevokedKind.Organization, "acme", Noon.AddHours(1))] });

        Assert.True(_list.Revokes(Token(Noon.AddMinutes(30))));
        _list.UsePushed(RevocationsDefinition.None);
        Assert.False(_list.Revokes(Token(Noon.AddMinutes(30))));
        Assert.True(_list.Revokes(Token(Noon.AddMinutes(-1))));
    }

    [Fact]
    public void Changed_IsRaisedForChangesOnly()
    {
        var changes = 0;
        _list.Changed += (_, _) => changes++;

        _list.UseBundle(new RevocationsDefinition { TokenIds = ["a"] });
        _list.UseBundle(new RevocationsDefinition { TokenIds = ["a"] });
        _list.UsePushed(RevocationsDefinition.None);
        _list.UseBundle(RevocationsDefinition.None);

        Assert.Equal(2, changes);
        Assert.True(_list.IsEmpty);
    }

    [Fact]
    public void LookUp_DoesNotAllocate()
    {
        _list.UsePushed(new RevocationsDefinition
        {
            TokensValidAfter = [new TokensValidAfter(RevokedKind.Organization, "acme", Noon), new TokensValidAfter(RevokedKind.Subject, "bob", Noon)],
            TokenIds = ["x", "y"],
        });
        var token = Token(Noon);

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.False(_list.Revokes(token));
            }
        }));
    }

    [Fact]
    public async Task CallerVerifier_RevokedWhileInUse_IsRefusedAtTheNextRequest()
    {
        var time = new TestTimeProvider();
        var text = ApiKeyText.Create(isPublishable: false, "live");
        using var handler = new SocketsHttpHandler();
        await using var callers = new CallerVerifier(new IdentityOptions(), handler, time, _list);
        callers.Use(new IdentitySources
        {
            ApiKeys = [new ApiKeyDefinition { Id = "billing", IsPublishable = false, Sha256 = ApiKeyText.DigestText(text), Organization = "acme" }],
        });
        var request = new FakeRequest(("Authorization", "Bearer " + text));

        Assert.Equal(CredentialOutcome.Verified, await OutcomeAsync());
        _list.UsePushed(new RevocationsDefinition { TokensValidAfter = [new TokensValidAfter(RevokedKind.Key, "billing", time.GetUtcNow())] });
        Assert.Equal(CredentialOutcome.Invalid, await OutcomeAsync());
        _list.UsePushed(RevocationsDefinition.None);
        Assert.Equal(CredentialOutcome.Verified, await OutcomeAsync());

        async Task<CredentialOutcome> OutcomeAsync()
        {
            var caller = await callers.VerifyAsync(request, CredentialKinds.All, CancellationToken.None);
            Assert.Equal(caller.Key!.Outcome == CredentialOutcome.Invalid ? RevocationList.Failure : string.Empty, caller.Key.Failure);
            Assert.Equal(CredentialOutcome.None, caller.Token!.Outcome);
            return caller.Key.Outcome;
        }
    }

    private static Credential Token(DateTimeOffset? issued) => new()
    {
        Kind = CredentialKinds.Jwt,
        Outcome = CredentialOutcome.Verified,
        IssuedAt = issued,
        TokenId = "t-1",
        Organization = "acme",
        Subject = "alice",
    };
}
