using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Tests.Identity;

/// <summary>What refused callers are told to present.</summary>
public sealed class ChallengeTests
{
    private const string Algorithms = "algs=\"ES256 ES384 ES512 EdDSA PS256 RS256\"";

    [Theory]
    [InlineData("bad_signature", "Bearer error=\"invalid_token\"")]
    [InlineData("expired", "Bearer error=\"invalid_token\", error_description=\"it has expired\"")]
    [InlineData("revoked", "Bearer error=\"invalid_token\", error_description=\"it has been revoked\"")]
    [InlineData("too_many_failures", "Bearer error=\"invalid_token\", error_description=\"too many attempts failed, try again later\"")]
    [InlineData("binding_missing", "DPoP error=\"invalid_token\", error_description=\"it is bound to a proof\", " + Algorithms)]
    [InlineData("binding_invalid", "DPoP error=\"invalid_token\", error_description=\"it is bound to a proof\", " + Algorithms)]
    [InlineData("dpop_nonce", "DPoP error=\"use_dpop_nonce\", " + Algorithms)]
    public void InvalidToken_IsTold_WhatHelpsItsOwner(string failure, string expected)
    {
        var caller = new Caller { Token = Credential.Refused(CredentialKinds.Jwt, failure) };

        Assert.Equal(expected, Challenge.Of(PolicySnapshot.Empty, Decision.Refused(Reason.IdentityInvalid), caller));
        Assert.Equal(failure == "dpop_nonce", Challenge.WantsNonce(caller));
    }

    [Fact]
    public void InvalidKey_NextToNoToken_IsWhatIsToldOf()
    {
        var caller = new Caller
        {
            Token = Credential.None(CredentialKinds.Jwt),
            Key = Credential.Refused(CredentialKinds.ApiKey, "expired"),
        };

        Assert.EndsWith("\"it has expired\"", Challenge.Of(PolicySnapshot.Empty, Decision.Refused(Reason.IdentityInvalid), caller), StringComparison.Ordinal);
    }

    [Fact]
    public void RefusalThatIsNotAboutIdentity_AsksForNothing() =>
        Assert.Null(Challenge.Of(PolicySnapshot.Empty, Decision.Refused(Reason.TokenBucketExceeded), default));
}
