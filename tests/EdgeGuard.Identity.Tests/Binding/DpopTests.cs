using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Binding;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Binding;

public sealed class DpopTests : IDisposable
{
    private readonly TestKey _key = TestKey.CreateEc("holder");

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task VerifyAsync_ProofOfTheHolder_IsVerifiedOnEveryRequestAnew()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var verifier = Bound(harness);
        var token = BoundToken(harness);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("", await FailureAsync(verifier, Request(token, Proof(harness, token))));
        }

        var used = Proof(harness, token);
        Assert.Equal("", await FailureAsync(verifier, Request(token, used)));
        Assert.Equal(TokenFailures.BindingInvalid, await FailureAsync(verifier, Request(token, used)));
    }

    [Fact]
    public async Task VerifyAsync_BoundTokenAsBearer_IsRefusedWhateverTheIssuerSays()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var token = BoundToken(harness);
        foreach (var binding in (BindingDefinition?[])[null, new() { Kinds = BindingKinds.Dpop }, new() { Kinds = BindingKinds.Fingerprint, Required = false }])
        {
            var verifier = Bound(harness, binding);

            Assert.Equal(TokenFailures.BindingMissing, await FailureAsync(verifier, Request(token, Proof(harness, token), "Bearer")));
            Assert.Equal(TokenFailures.BindingMissing, await FailureAsync(verifier, Request(token, null)));
            Assert.Equal("", await FailureAsync(verifier, Request(token, Proof(harness, token), "dpop"), binding?.Kinds == BindingKinds.Fingerprint));
        }
    }

    [Fact]
    public async Task VerifyAsync_UnboundToken_PassesAsBearerOnlyWhereNoBindingIsRequired()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var token = harness.Issue();

        Assert.Equal("", await FailureAsync(Bound(harness), Request(token, null, "Bearer")));
        Assert.Equal("", await FailureAsync(Bound(harness, new BindingDefinition { Kinds = BindingKinds.Dpop, Required = false }), Request(token, null, "Bearer")));
        Assert.Equal(TokenFailures.BindingMissing, await FailureAsync(Bound(harness, new BindingDefinition { Kinds = BindingKinds.Dpop }), Request(token, null, "Bearer")));
        Assert.Equal(TokenFailures.BindingInvalid, await FailureAsync(Bound(harness), Request(token, Proof(harness, token))));
    }

    public static TheoryData<string> Changes =>
    [
        "typ", "no typ", "alg none", "alg HS256", "alg other", "no jwk", "private jwk", "other key", "crit", "no jti", "empty jti", "long jti", "htm", "lower htm", "no htm",
        "htu host", "htu path", "htu scheme", "no htu", "iat old", "iat future", "iat text", "no iat", "ath", "no ath", "signature", "truncated", "two proofs", "joined",
        "duplicate", "padding",
    ];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task VerifyAsync_ProofWithOneMistake_IsRefused(string change)
    {
        await using var harness = await IdentityHarness.StartAsync();
        using var other = TestKey.CreateEc("other");
        var token = BoundToken(harness);
        var (header, claims) = Parts(harness, token);
        var key = Spoil(change, header, claims, other, harness.Time.GetUtcNow().ToUnixTimeSeconds());
        var proof = key.Sign(header, claims);
        proof = change switch
        {
            "signature" => proof[..^6] + (proof[^6] == 'A' ? 'B' : 'A') + proof[^5..],
            "truncated" => proof[..proof.LastIndexOf('.')],
            "joined" => proof + ", " + proof,
            "padding" => proof + "=",
            "duplicate" => Resign(proof, key),
            _ => proof,
        };
        var request = Request(token, proof);
        if (change == "two proofs")
        {
            request.Add("DPoP", Proof(harness, token));
        }

        Assert.Equal(TokenFailures.BindingInvalid, await FailureAsync(Bound(harness), request));
    }

    [Theory]
    [InlineData("https://api.example/v1/items")]
    [InlineData("https://API.example:443/v1/items?x=1#f")]
    [InlineData("HTTPS://api.example/v1/%69tems")]
    public async Task VerifyAsync_SameAddressWrittenOtherwise_IsVerified(string address)
    {
        await using var harness = await IdentityHarness.StartAsync();
        var token = BoundToken(harness);
        var (header, claims) = Parts(harness, token);
        claims["htu"] = address;

        Assert.Equal("", await FailureAsync(Bound(harness), Request(token, _key.Sign(header, claims))));
    }

    [Fact]
    public async Task VerifyAsync_NonceDemanded_OneOfThisEdgeIsTakenForAWhile()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var nonces = new DpopNonces(harness.Time);
        var verifier = Bound(harness, new BindingDefinition { Kinds = BindingKinds.Dpop, DpopNonce = true }, nonces);
        var token = BoundToken(harness);
        string With(string? nonce)
        {
            var (header, claims) = Parts(harness, token);
            claims["nonce"] = nonce;
            return _key.Sign(header, claims);
        }

        var nonce = nonces.Current;
        Assert.Equal(TokenFailures.DpopNonce, await FailureAsync(verifier, Request(token, With(null))));
        Assert.Equal(TokenFailures.DpopNonce, await FailureAsync(verifier, Request(token, With(new DpopNonces(harness.Time).Current))));
        Assert.Equal("", await FailureAsync(verifier, Request(token, With(nonce))));
        harness.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("", await FailureAsync(verifier, Request(token, With(nonce))));
        harness.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(TokenFailures.DpopNonce, await FailureAsync(verifier, Request(token, With(nonce))));
    }

    [Fact]
    public async Task VerifyAsync_Fingerprint_IsThatOfTheHeader()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var verifier = Bound(harness, new BindingDefinition { Kinds = BindingKinds.Fingerprint });
        var claims = IdentityHarness.Claims();
        claims["fph"] = Base64Url.EncodeToString(SHA256.HashData("device-1"u8));
        var token = harness.Issue(claims);

        Assert.Equal("", await FailureAsync(verifier, Request(token, null, "Bearer").Add("X-Device-Fingerprint", "device-1")));
        Assert.Equal(TokenFailures.BindingInvalid, await FailureAsync(verifier, Request(token, null, "Bearer").Add("X-Device-Fingerprint", "device-2")));
        Assert.Equal(TokenFailures.BindingMissing, await FailureAsync(verifier, Request(token, null, "Bearer")));
        Assert.Equal(
            TokenFailures.BindingInvalid,
            await FailureAsync(verifier, Request(token, null, "Bearer").Add("X-Device-Fingerprint", "device-1").Add("X-Device-Fingerprint", "device-1")));
    }

    [Fact]
    public async Task VerifyAsync_CertificateClaim_IsThatOfTheClientCertificate()
    {
        await using var harness = await IdentityHarness.StartAsync();
        using var rsa = RSA.Create(2048);
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=a", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var held = request.CreateSelfSigned(start, start.AddYears(1));
        using var other = request.CreateSelfSigned(start, start.AddYears(2));
        var claims = IdentityHarness.Claims();
        claims["cnf"] = new JsonObject { ["x5t#S256"] = Base64Url.EncodeToString(SHA256.HashData(held.RawData)) };
        var token = harness.Issue(claims);
        foreach (var binding in (BindingDefinition?[])[null, new() { Kinds = BindingKinds.Certificate }])
        {
            FakeRequest With(System.Security.Cryptography.X509Certificates.X509Certificate2? certificate)
            {
                var fake = Request(token, null, "Bearer");
                fake.ClientCertificate = certificate;
                return fake;
            }

            Assert.Equal("", await FailureAsync(Bound(harness, binding), With(held)));
            Assert.Equal(TokenFailures.BindingInvalid, await FailureAsync(Bound(harness, binding), With(other)));
            Assert.Equal(TokenFailures.BindingMissing, await FailureAsync(Bound(harness, binding), With(null)));
        }
    }

    private static BoundTokenVerifier Bound(IdentityHarness harness, BindingDefinition? binding = null, DpopNonces? nonces = null)
    {
        var options = new IdentityOptions();
        var verifier = new BoundTokenVerifier(harness.Verifier, options, new FailureLimiter(20, 1, harness.Time), nonces ?? new DpopNonces(harness.Time), harness.Time);
        verifier.Use(new IdentitySources { Issuers = [harness.Issuer() with { Binding = binding }] });
        return verifier;
    }

    private static async Task<string> FailureAsync(BoundTokenVerifier verifier, FakeRequest request, bool mayBeMissing = false)
    {
        var result = await verifier.VerifyAsync(request, CancellationToken.None).AsTask().Within("verification");
        Assert.Equal(result.Failure.Length == 0, result.Outcome == CredentialOutcome.Verified);
        return mayBeMissing && result.Failure == TokenFailures.BindingMissing ? "" : result.Failure;
    }

    private static FakeRequest Request(string token, string? proof, string scheme = "DPoP")
    {
        var request = new FakeRequest { Method = "POST", Authority = "api.example", Target = "/v1/items?id=7" }.Add("Authorization", $"{scheme} {token}");
        return proof is null ? request : request.Add("DPoP", proof);
    }

    private string BoundToken(IdentityHarness harness)
    {
        var claims = IdentityHarness.Claims();
        claims["cnf"] = new JsonObject { ["jkt"] = Thumbprint(_key.ToJwk()) };
        return harness.Issue(claims);
    }

    // Written out here: the verifier's own thumbprints are not to be their own judge.
    private static string Thumbprint(JsonObject jwk) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"{jwk["x"]}\",\"y\":\"{jwk["y"]}\"}}")));

    private string Proof(IdentityHarness harness, string token)
    {
        var (header, claims) = Parts(harness, token);
        return _key.Sign(header, claims);
    }

    private (JsonObject Header, JsonObject Claims) Parts(IdentityHarness harness, string token) => (
        new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = Public(_key) },
        new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString(),
            ["htm"] = "POST",
            ["htu"] = "https://api.example/v1/items",
            ["iat"] = harness.Time.GetUtcNow().ToUnixTimeSeconds(),
            ["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token))),
        });

    // A good proof that cannot be remembered must not pass, and it is no failure of its client either.
    [Fact]
    public async Task VerifyAsync_MemoryOfProofsIsFull_IsRefusedAndNotCharged()
    {
        const int Capacity = 64;
        await using var harness = await IdentityHarness.StartAsync();
        var failures = new FailureLimiter(1, 0.0001, harness.Time);
        var verifier = new BoundTokenVerifier(harness.Verifier, new IdentityOptions(), failures, new DpopNonces(harness.Time), harness.Time, Capacity);
        verifier.Use(new IdentitySources { Issuers = [harness.Issuer()] });
        var token = BoundToken(harness);
        var outcomes = new List<string>();
        for (var i = 0; i < 6 * Capacity; i++)
        {
            outcomes.Add(await FailureAsync(verifier, Request(token, Proof(harness, token))));
        }

        // A quarter of the places for one key.
        Assert.Equal(Capacity / 4, outcomes.Count(outcome => outcome.Length == 0));
        Assert.Equal(outcomes.Count - (Capacity / 4), outcomes.Count(outcome => outcome == TokenFailures.ReplaysFull));
        Assert.False(failures.IsExhausted(System.Net.IPAddress.Parse("192.0.2.1")));

        // A minute and the difference of clocks later nothing of it has to be remembered.
        harness.Time.Advance(TimeSpan.FromSeconds(91));
        Assert.Equal("", await FailureAsync(verifier, Request(token, Proof(harness, token))));
    }

    [Fact]
    public async Task Use_OlderProofsTakenFromNowOn_LetsNoneThatHasPassedPassAgain()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var verifier = Bound(harness, new BindingDefinition { Kinds = BindingKinds.Dpop, DpopMaxAge = TimeSpan.FromSeconds(60) });
        var token = BoundToken(harness);
        var early = Proof(harness, token);
        Assert.Equal("", await FailureAsync(verifier, Request(token, early)));
        harness.Time.Advance(TimeSpan.FromSeconds(80));
        var late = Proof(harness, token);
        Assert.Equal("", await FailureAsync(verifier, Request(token, late)));
        harness.Time.Advance(TimeSpan.FromSeconds(15));

        verifier.Use(new IdentitySources { Issuers = [harness.Issuer() with { Binding = new BindingDefinition { Kinds = BindingKinds.Dpop, DpopMaxAge = TimeSpan.FromMinutes(10) } }] });
        Assert.Equal(TokenFailures.BindingInvalid, await FailureAsync(verifier, Request(token, early)));
        harness.Time.Advance(TimeSpan.FromSeconds(100));
        var fresh = Proof(harness, token);
        Assert.Equal(TokenFailures.BindingInvalid, await FailureAsync(verifier, Request(token, late)));
        harness.Time.Advance(TimeSpan.FromMinutes(9));

        Assert.Equal("", await FailureAsync(verifier, Request(token, fresh)));
        Assert.Equal(TokenFailures.BindingInvalid, await FailureAsync(verifier, Request(token, fresh)));
    }

    private static JsonObject Public(TestKey key)
    {
        var jwk = key.ToJwk();
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = jwk["x"]!.DeepClone(), ["y"] = jwk["y"]!.DeepClone() };
    }

    private static string Resign(string proof, TestKey key)
    {
        var parts = proof.Split('.');
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        var twice = payload[..^1] + ",\"htm\":\"POST\"}";
        _ = key;
        return $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(twice))}.{parts[2]}";
    }

    private TestKey Spoil(string change, JsonObject header, JsonObject claims, TestKey other, long now)
    {
        var (part, name, value) = change switch
        {
            "typ" => (header, "typ", JsonValue.Create("JWT")),
            "alg none" => (header, "alg", JsonValue.Create("none")),
            "alg HS256" => (header, "alg", JsonValue.Create("HS256")),
            "alg other" => (header, "alg", JsonValue.Create("RS256")),
            "crit" => (header, "crit", new JsonArray("x")),
            "empty jti" => (claims, "jti", JsonValue.Create("")),
            "long jti" => (claims, "jti", JsonValue.Create(new string('x', 257))),
            "htm" => (claims, "htm", JsonValue.Create("GET")),
            "lower htm" => (claims, "htm", JsonValue.Create("post")),
            "htu host" => (claims, "htu", JsonValue.Create("https://other.example/v1/items")),
            "htu path" => (claims, "htu", JsonValue.Create("https://api.example/v1/item")),
            "htu scheme" => (claims, "htu", JsonValue.Create("http://api.example/v1/items")),
            "iat old" => (claims, "iat", JsonValue.Create(now - 91)),
            "iat future" => (claims, "iat", JsonValue.Create(now + 31)),
            "iat text" => (claims, "iat", (JsonNode)JsonValue.Create("now")!),
            "ath" => (claims, "ath", JsonValue.Create("AAAA")),
            _ => (header, "unused", JsonValue.Create(1)),
        };
        part[name] = value;
        if (change.StartsWith("no ", StringComparison.Ordinal))
        {
            header.Remove(change[3..]);
            claims.Remove(change[3..]);
        }

        if (change == "private jwk")
        {
            header["jwk"]!["d"] = "AAAA";
        }

        if (change == "other key")
        {
            header["jwk"] = Public(other);
            return other;
        }

        return _key;
    }
}
