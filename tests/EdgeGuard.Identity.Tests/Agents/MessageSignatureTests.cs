using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Agents;

namespace EdgeGuard.Identity.Tests.Agents;

public sealed class MessageSignatureTests
{
    [Theory]
    [InlineData("ed", "ed25519")]
    [InlineData("ec", "ecdsa-p256-sha256")]
    [InlineData("mac", "hmac-sha256")]
    public async Task VerifyAsync_EveryAlgorithm_IsVerified(string id, string algorithm)
    {
        await using var harness = new AgentHarness();

        foreach (var named in (string[])["", $";alg=\"{algorithm}\""])
        {
            var result = await harness.VerifyAsync(AgentHarness.Signed(AgentHarness.Request(), parameters: $";created=1618884473;keyid=\"{id}\"{named}", algorithm: algorithm));

            Assert.Equal((CredentialOutcome.Verified, "", id), (result.Outcome, result.Failure, result.SourceId));
        }
    }

    [Fact]
    public async Task VerifyAsync_Verified_TellsWhoItIs()
    {
        await using var harness = new AgentHarness();

        var result = await harness.VerifyAsync(AgentHarness.Signed(AgentHarness.Request()));

        Assert.Equal(CredentialKinds.Agent, result.Kind);
        Assert.Equal(("ed", "acme", "http_message_signature"), (result.Values["id"], result.Values["organization"], result.Values["scheme"]));
        Assert.Equal(["read", "write"], result.Scopes.Order(StringComparer.Ordinal));
        Assert.Equal(("acme", DateTimeOffset.FromUnixTimeSeconds(AgentHarness.Now)), (result.Organization, result.IssuedAt));
    }

    [Fact]
    public async Task VerifyAsync_KeyNamedByItsThumbprint_IsVerified()
    {
        await using var harness = new AgentHarness();

        var request = AgentHarness.Signed(AgentHarness.Request(), parameters: ";created=1618884473;keyid=\"poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U\"");

        Assert.Equal("ed", (await harness.VerifyAsync(request)).SourceId);
    }

    [Fact]
    public async Task VerifyAsync_NothingPresentedOrNothingWanted_IsNone()
    {
        await using var harness = new AgentHarness();
        var unwanted = AgentHarness.Signed(AgentHarness.Request());
        unwanted.Wanted = CredentialKinds.Jwt;

        Assert.Equal(CredentialOutcome.None, (await harness.VerifyAsync(AgentHarness.Request())).Outcome);
        Assert.Equal(CredentialOutcome.None, (await harness.VerifyAsync(unwanted)).Outcome);
    }

    [Theory]
    [InlineData("ed25519", "ec", ";alg=\"ed25519\"", AgentFailures.Algorithm)]
    [InlineData("ed25519", "ec", "", AgentFailures.BadSignature)]
    [InlineData("hmac-sha256", "ed", "", AgentFailures.BadSignature)]
    [InlineData("hmac-sha256", "ed", ";alg=\"hmac-sha256\"", AgentFailures.Algorithm)]
    [InlineData("ecdsa-p256-sha256", "ec", ";alg=\"ecdsa-p384-sha384\"", AgentFailures.Algorithm)]
    [InlineData("ed25519", "ed", ";alg=\"\"", AgentFailures.Algorithm)]
    [InlineData("ed25519", "ed", ";alg=\"Ed25519\"", AgentFailures.Algorithm)]
    [InlineData("ed25519", "ED", "", AgentFailures.UnknownAgent)]
    [InlineData("ed25519", "nobody", "", AgentFailures.UnknownAgent)]
    [InlineData("ed25519", "", "", AgentFailures.UnknownAgent)]
    public async Task VerifyAsync_KeyOrAlgorithmOfAnother_IsRefused(string signedWith, string keyId, string named, string failure)
    {
        await using var harness = new AgentHarness();
        var request = AgentHarness.Signed(AgentHarness.Request(), parameters: $";created=1618884473;keyid=\"{keyId}\"{named}", algorithm: signedWith);

        Assert.Equal(failure, await harness.FailureAsync(request));
    }

    [Theory]
    [InlineData("", 0, AgentFailures.NoTime)]
    [InlineData(";expires=1618884500", 0, AgentFailures.NoTime)]
    [InlineData(";created=1618884503", 0, "")]
    [InlineData(";created=1618884504", 0, AgentFailures.NotYetValid)]
    [InlineData(";created=1618884473", 330, "")]
    [InlineData(";created=1618884473", 331, AgentFailures.Expired)]
    [InlineData(";created=1618884473;expires=1618884483", 39, "")]
    [InlineData(";created=1618884473;expires=1618884483", 40, AgentFailures.Expired)]
    [InlineData(";created=1618884473;expires=1618884472", 0, AgentFailures.Expired)]
    [InlineData(";created=0", 0, AgentFailures.Expired)]
    [InlineData(";created=999999999999999", 0, AgentFailures.NotYetValid)]
    public async Task VerifyAsync_Time_DecidesAtItsBounds(string times, int seconds, string failure)
    {
        await using var harness = new AgentHarness();
        var request = AgentHarness.Signed(AgentHarness.Request(), parameters: times + ";keyid=\"ed\"");
        harness.Time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(failure, await harness.FailureAsync(request));
    }

    [Theory]
    [InlineData("\"@method\" \"@authority\"", AgentFailures.NotCovered)]
    [InlineData("", AgentFailures.NotCovered)]
    [InlineData("\"@method\" \"@target-uri\"", "")]
    [InlineData("\"@method\" \"@authority\" \"@request-target\"", "")]
    [InlineData("\"@query\" \"@path\" \"@authority\" \"@method\"", "")]
    [InlineData("\"@method\" \"@scheme\" \"@request-target\"", AgentFailures.NotCovered)]
    public async Task VerifyAsync_Coverage_IsThatOfTheAgent(string components, string failure)
    {
        await using var harness = new AgentHarness();

        Assert.Equal(failure, await harness.FailureAsync(AgentHarness.Signed(AgentHarness.Request(), components)));
    }

    [Theory]
    [InlineData("@query-param;name=\"id\"", "\"@query-param\";name=\"id\"", "")]
    [InlineData("@query-param;name=\"id\"", "\"@query-param\";name=\"b\"", AgentFailures.NotCovered)]
    [InlineData("@query-param;name=\"id\"", "\"@query\"", "")]
    [InlineData("x-a", "\"x-a\"", "")]
    [InlineData("x-a", "\"x-a\";bs", "")]
    [InlineData("x-a", "\"x-a\";key=\"k\"", AgentFailures.NotCovered)]
    [InlineData("x-a;key=\"k\"", "\"x-a\";key=\"k\"", "")]
    [InlineData("x-a;key=\"k\"", "\"x-a\"", "")]
    [InlineData("x-a;key=\"k\"", "\"x-a\";key=\"l\"", AgentFailures.NotCovered)]
    [InlineData("@status", "\"x-a\"", AgentFailures.NotCovered)]
    public async Task VerifyAsync_RequiredComponent_IsCoveredByItselfOrWhatHoldsIt(string required, string covered, string failure)
    {
        await using var harness = new AgentHarness(AgentHarness.Ed25519() with { RequiredComponents = [required] });

        Assert.Equal(failure, await harness.FailureAsync(AgentHarness.Signed(AgentHarness.Request().Add("X-A", "k=1, l=2"), covered)));
    }

    // Which of the two an application reads is its own choice.
    [Theory]
    [InlineData("/v1/items?id=7&b=2", "")]
    [InlineData("/v1/items?id=7&id=7", AgentFailures.Component)]
    [InlineData("/v1/items?id=8&id=7", AgentFailures.Component)]
    [InlineData("/v1/items?id=7&%69d=8", AgentFailures.Component)]
    [InlineData("/v1/items?id=7&id", AgentFailures.Component)]
    public async Task VerifyAsync_ParameterThatIsThereTwice_CannotBeCovered(string target, string failure)
    {
        await using var harness = new AgentHarness(AgentHarness.Ed25519() with { RequiredComponents = ["@query-param;name=\"id\""] });
        var request = AgentHarness.Signed(AgentHarness.Request(), "\"@query-param\";name=\"id\"");
        request.Target = target;

        Assert.Equal(failure, await harness.FailureAsync(request));
    }

    [Fact]
    public async Task VerifyAsync_Nonce_PassesOnceUntilTheSignatureIsTooOld()
    {
        await using var harness = new AgentHarness(AgentHarness.Ed25519(), AgentHarness.Hmac());
        FakeRequest Make(string nonce, string id = "ed", string algorithm = "ed25519") => AgentHarness.Signed(
            AgentHarness.Request(), parameters: $";created={harness.Time.GetUtcNow().ToUnixTimeSeconds()};keyid=\"{id}\";nonce=\"{nonce}\"", algorithm: algorithm);

        Assert.Equal("", await harness.FailureAsync(Make("a")));
        Assert.Equal(AgentFailures.Replayed, await harness.FailureAsync(Make("a")));
        Assert.Equal("", await harness.FailureAsync(Make("b")));
        Assert.Equal("", await harness.FailureAsync(Make("a", "mac", "hmac-sha256")));
        harness.Time.Advance(TimeSpan.FromSeconds(330));
        Assert.Equal(AgentFailures.Replayed, await harness.FailureAsync(Make("a")));
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("", await harness.FailureAsync(Make("a")));
    }

    [Fact]
    public async Task VerifyAsync_NonceOfARefusedSignature_IsNotUsedUp()
    {
        await using var harness = new AgentHarness();
        const string Parameters = ";created=1618884473;keyid=\"ed\";nonce=\"n\"";
        var forged = AgentHarness.Signed(AgentHarness.Request(), parameters: Parameters, algorithm: "hmac-sha256");

        Assert.Equal(AgentFailures.BadSignature, await harness.FailureAsync(forged));
        Assert.Equal("", await harness.FailureAsync(AgentHarness.Signed(AgentHarness.Request(), parameters: Parameters)));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("HEAD", "")]
    [InlineData("OPTIONS", "")]
    [InlineData("POST", AgentFailures.Replayed)]
    [InlineData("PUT", AgentFailures.Replayed)]
    [InlineData("DELETE", AgentFailures.Replayed)]
    [InlineData("get", AgentFailures.Replayed)]
    public async Task VerifyAsync_NoNonce_LetsOnlySafeMethodsRepeat(string method, string failure)
    {
        await using var harness = new AgentHarness();
        var request = AgentHarness.Signed(AgentHarness.Request(method));

        Assert.Equal("", await harness.FailureAsync(request));
        Assert.Equal(failure, await harness.FailureAsync(request));
    }

    [Fact]
    public async Task VerifyAsync_EcdsaSignatureTurnedIntoItsTwin_IsStillAReplay()
    {
        // For (r, s) the pair (r, n - s) fits as well, so that a signature must not be what a replay is known by.
        await using var harness = new AgentHarness();
        var request = AgentHarness.Signed(AgentHarness.Request("POST"), parameters: ";created=1618884473;keyid=\"ec\"", algorithm: "ecdsa-p256-sha256");
        Assert.Equal("", await harness.FailureAsync(request));
        var bytes = Convert.FromBase64String(request.FirstOf("Signature")!.Split(':')[1]);
        var order = new System.Numerics.BigInteger(Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);
        var twin = (order - new System.Numerics.BigInteger(bytes.AsSpan(32), isUnsigned: true, isBigEndian: true)).ToByteArray(isUnsigned: true, isBigEndian: true);
        twin.CopyTo(bytes.AsSpan(64 - twin.Length));
        bytes.AsSpan(32, 32 - twin.Length).Clear();

        request.Set("Signature", $"sig=:{Convert.ToBase64String(bytes)}:");

        Assert.Equal(AgentFailures.Replayed, await harness.FailureAsync(request));
    }

    [Theory]
    [InlineData("sha-256=:{256}:", "")]
    [InlineData("sha-512=:{512}:", "")]
    [InlineData("md5=:AAAA:, sha-512=:{512}:, sha-256=:{256}:", "")]
    [InlineData("sha-256=:{256}:, sha-512=:AAAA:", AgentFailures.Digest)]
    [InlineData("sha-256=:{other}:", AgentFailures.Digest)]
    [InlineData("sha-256=\"x\"", AgentFailures.Digest)]
    [InlineData("md5=:AAAA:", AgentFailures.Digest)]
    [InlineData("SHA-256=:{256}:", AgentFailures.Digest)]
    [InlineData("", AgentFailures.Digest)]
    public async Task VerifyAsync_CoveredDigest_IsComparedWithTheBody(string field, string failure)
    {
        await using var harness = new AgentHarness();
        var body = "{\"amount\": 7}"u8.ToArray();
        var request = AgentHarness.Request("POST");
        request.Body = body;
        request.Add("Content-Digest", field
            .Replace("{256}", Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(body)), StringComparison.Ordinal)
            .Replace("{512}", Convert.ToBase64String(System.Security.Cryptography.SHA512.HashData(body)), StringComparison.Ordinal)
            .Replace("{other}", Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData([])), StringComparison.Ordinal));

        Assert.Equal(failure, await harness.FailureAsync(AgentHarness.Signed(request, "\"@method\" \"@authority\" \"@path\" \"content-digest\"")));
    }

    [Fact]
    public async Task VerifyAsync_Body_IsReadOnlyWhenItsDigestIsCoveredByAGoodSignature()
    {
        await using var harness = new AgentHarness();
        var plain = AgentHarness.Signed(AgentHarness.Request("POST"));
        var forged = AgentHarness.Signed(
            AgentHarness.Request("POST").Add("Content-Digest", "sha-256=:AAAA:"), "\"@method\" \"@target-uri\" \"content-digest\"", algorithm: "hmac-sha256");
        var huge = AgentHarness.Request("POST").Add("Content-Digest", "sha-256=:AAAA:");
        huge.Body = new byte[ContentDigest.MaxBodyBytes + 1];

        await harness.VerifyAsync(plain);
        await harness.VerifyAsync(forged);

        Assert.Equal((0, 0), (plain.BodyReads, forged.BodyReads));
        Assert.Equal(AgentFailures.TooLarge, await harness.FailureAsync(AgentHarness.Signed(huge, "\"@method\" \"@target-uri\" \"content-digest\"")));
    }

    [Fact]
    public async Task VerifyAsync_SeveralSignatures_TheFirstOfAKnownAgentAloneCounts()
    {
        await using var harness = new AgentHarness();
        var request = AgentHarness.Request();
        AgentHarness.Signed(request, parameters: ";created=1618884473;keyid=\"proxy\"", label: "p");
        AgentHarness.Signed(request, parameters: ";created=1618884473;keyid=\"mac\"", algorithm: "hmac-sha256", label: "first");
        AgentHarness.Signed(request, label: "second");
        var spoiled = AgentHarness.Request();
        AgentHarness.Signed(spoiled, parameters: ";created=1618884473;keyid=\"mac\"", label: "first");
        AgentHarness.Signed(spoiled, label: "second");

        Assert.Equal("mac", (await harness.VerifyAsync(request)).SourceId);
        Assert.Equal(AgentFailures.BadSignature, await harness.FailureAsync(spoiled));
    }

    [Fact]
    public async Task Use_AgentsOfANewBundle_ReplaceTheOthers()
    {
        await using var harness = new AgentHarness();

        harness.Verifier.Use(new IdentitySources { Agents = [AgentHarness.Hmac()] });

        Assert.Equal(AgentFailures.UnknownAgent, await harness.FailureAsync(AgentHarness.Signed(AgentHarness.Request())));
        harness.Verifier.Use(IdentitySources.None);
        Assert.Equal(CredentialOutcome.None, (await harness.VerifyAsync(AgentHarness.Signed(AgentHarness.Request()))).Outcome);
    }
}
