using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Agents;

namespace EdgeGuard.Identity.Tests.Agents;

public sealed class HmacHeaderTests
{
    private static AgentDefinition Agent => AgentHarness.Hmac() with { Scheme = AgentScheme.Hmac };

    [Fact]
    public async Task VerifyAsync_HeaderMadeByTheBook_IsVerifiedOnce()
    {
        await using var harness = new AgentHarness(Agent);

        var result = await harness.VerifyAsync(Signed());

        Assert.Equal((CredentialOutcome.Verified, "", "hmac"), (result.Outcome, result.Failure, result.Values.GetValueOrDefault("scheme")));
        Assert.Equal(AgentFailures.Replayed, await harness.FailureAsync(Signed()));
        Assert.Equal("", await harness.FailureAsync(Signed(nonce: "another-nonce")));
    }

    [Fact]
    public async Task VerifyAsync_AnythingElseThanWasSigned_IsRefused()
    {
        await using var harness = new AgentHarness(Agent);
        Action<FakeRequest>[] changes =
        [
            request => request.Method = "PUT",
            request => request.Authority = "other.example",
            request => request.Authority = "api.example:8443",
            request => request.Target = "/v1/items?id=8&b=2",
            request => request.Target = "/v1/items",
            request => Replace(request, "\"nonce-0001\"", "\"nonce-0002\""),
            request => Replace(request, "1618884473", "1618884474"),
        ];
        foreach (var change in changes)
        {
            var request = Signed();
            change(request);

            Assert.Equal(AgentFailures.BadSignature, await harness.FailureAsync(request));
            Assert.Equal(0, request.BodyReads);
        }

        var body = Signed();
        body.Body = "{}"u8.ToArray();
        Assert.Equal(AgentFailures.Digest, await harness.FailureAsync(body));
    }

    [Theory]
    [InlineData("1618884504", AgentFailures.NotYetValid)]
    [InlineData("1618884142", AgentFailures.Expired)]
    [InlineData("-1", AgentFailures.Malformed)]
    [InlineData("1.5", AgentFailures.Malformed)]
    [InlineData("\"1618884473\"", AgentFailures.Malformed)]
    public async Task VerifyAsync_OtherTime_IsRefused(string created, string failure)
    {
        await using var harness = new AgentHarness(Agent);
        var request = Signed();
        Replace(request, "created=1618884473", "created=" + created);

        Assert.Equal(failure, await harness.FailureAsync(request));
    }

    [Theory]
    [InlineData("keyid=\"mac\", ", "")]
    [InlineData("nonce=\"nonce-0001\"", "nonce=\"short\"")]
    [InlineData("nonce=\"nonce-0001\"", "nonce=nonce-0001")]
    [InlineData("keyid=\"mac\"", "keyid=\"mac\";p")]
    [InlineData("keyid=\"mac\"", "keyid=\"mac\", more=1")]
    [InlineData("keyid=\"mac\"", "keyid=\"mac\", keyid=\"mac\"")]
    [InlineData("digest=:", "digest=:AAAA")]
    [InlineData("mac=:", "mac=\"")]
    public async Task VerifyAsync_Malformed_IsRefused(string what, string by)
    {
        await using var harness = new AgentHarness(Agent);
        var request = Signed();
        Replace(request, what, by);

        Assert.Equal(AgentFailures.Malformed, await harness.FailureAsync(request));
    }

    [Fact]
    public async Task VerifyAsync_TwoHeadersOrTwoSchemes_AreRefused()
    {
        await using var harness = new AgentHarness(Agent, AgentHarness.Ed25519());

        Assert.Equal(AgentFailures.Malformed, await harness.FailureAsync(Signed().Add("X-Agent-Signature", "x=1")));
        Assert.Equal(AgentFailures.Ambiguous, await harness.FailureAsync(AgentHarness.Signed(Signed())));
    }

    private static FakeRequest Signed(string nonce = "nonce-0001")
    {
        var request = AgentHarness.Request("POST");
        request.Authority = "API.example:443";
        request.Body = "{\"amount\":7}"u8.ToArray();
        var digest = SHA256.HashData(request.Body);
        var signed = string.Join('\n', "edgeguard-hmac-v1", "mac", "1618884473", nonce, "POST", "api.example", "/v1/items?id=7&b=2", Convert.ToHexStringLower(digest));
        var mac = AgentHarness.Sign("hmac-sha256", Encoding.ASCII.GetBytes(signed));
        return request.Add(
            "X-Agent-Signature",
            $"keyid=\"mac\", created=1618884473, nonce=\"{nonce}\", digest=:{Convert.ToBase64String(digest)}:, mac=:{Convert.ToBase64String(mac)}:");
    }

    private static void Replace(FakeRequest request, string what, string by) =>
        request.Set("X-Agent-Signature", request.FirstOf("X-Agent-Signature")!.Replace(what, by, StringComparison.Ordinal));
}
