using System.Buffers.Text;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Agents;

namespace EdgeGuard.Identity.Tests.Agents;

public sealed class DetachedJwsTests
{
    private const string Good =
        """{"alg":"EdDSA","kid":"ed","b64":false,"crit":["b64"],"iat":1618884473,"htm":"POST","htu":"https://api.example/v1/items?id=7&b=2"}""";

    private static AgentDefinition[] Agents =>
    [
        AgentHarness.Ed25519() with { Scheme = AgentScheme.DetachedJws },
        AgentHarness.P256() with { Scheme = AgentScheme.DetachedJws },
        AgentHarness.Hmac() with { Scheme = AgentScheme.DetachedJws },
    ];

    [Theory]
    [InlineData("ed", "EdDSA", "ed25519")]
    [InlineData("ec", "ES256", "ecdsa-p256-sha256")]
    [InlineData("mac", "HS256", "hmac-sha256")]
    public async Task VerifyAsync_EveryAlgorithmAndBothEncodings_IsVerified(string id, string alg, string algorithm)
    {
        await using var harness = new AgentHarness(Agents);
        var header = Good.Replace("EdDSA", alg, StringComparison.Ordinal).Replace("\"ed\"", $"\"{id}\"", StringComparison.Ordinal);

        foreach (var text in (string[])[header, header.Replace("\"b64\":false,\"crit\":[\"b64\"],", "", StringComparison.Ordinal), header.Replace("false", "true", StringComparison.Ordinal)])
        {
            var result = await harness.VerifyAsync(Signed(text, algorithm));

            Assert.Equal((CredentialOutcome.Verified, "", "jws"), (result.Outcome, result.Failure, result.Values.GetValueOrDefault("scheme")));
        }
    }

    [Theory]
    [InlineData("\"EdDSA\"", "\"none\"", AgentFailures.Algorithm)]
    [InlineData("\"EdDSA\"", "\"HS256\"", AgentFailures.Algorithm)]
    [InlineData("\"EdDSA\"", "\"ES256\"", AgentFailures.Algorithm)]
    [InlineData("\"alg\":\"EdDSA\",", "", AgentFailures.Algorithm)]
    [InlineData("\"ed\"", "\"nobody\"", AgentFailures.UnknownAgent)]
    [InlineData("\"kid\":\"ed\",", "", AgentFailures.UnknownAgent)]
    [InlineData("\"kid\":\"ed\",", "\"kid\":\"ed\",\"kid\":\"ed\",", AgentFailures.Malformed)]
    [InlineData("\"kid\":\"ed\",", "\"kid\":7,", AgentFailures.Malformed)]
    [InlineData("\"crit\":[\"b64\"],", "", AgentFailures.Malformed)]
    [InlineData("\"crit\":[\"b64\"]", "\"crit\":[]", AgentFailures.Malformed)]
    [InlineData("\"crit\":[\"b64\"]", "\"crit\":[\"b64\",\"exp\"]", AgentFailures.Malformed)]
    [InlineData("\"crit\":[\"b64\"]", "\"crit\":[\"b64\",\"b64\"]", AgentFailures.Malformed)]
    [InlineData("\"crit\":[\"b64\"]", "\"crit\":\"b64\"", AgentFailures.Malformed)]
    [InlineData("\"b64\":false,", "", AgentFailures.Malformed)]
    [InlineData("\"b64\":false", "\"b64\":\"false\"", AgentFailures.Malformed)]
    [InlineData("\"iat\":1618884473,", "", AgentFailures.NoTime)]
    [InlineData("\"iat\":1618884473", "\"iat\":\"1618884473\"", AgentFailures.Malformed)]
    [InlineData("\"iat\":1618884473", "\"iat\":1e400", AgentFailures.Malformed)]
    [InlineData("\"iat\":1618884473", "\"iat\":1618884473.5", AgentFailures.Malformed)]
    [InlineData("\"iat\":1618884473", "\"iat\":1618884142", AgentFailures.Expired)]
    [InlineData("\"iat\":1618884473", "\"iat\":1618884504", AgentFailures.NotYetValid)]
    [InlineData("\"iat\":1618884473", "\"iat\":1618884473,\"exp\":1618884443", AgentFailures.Expired)]
    [InlineData("\"htm\":\"POST\",", "", AgentFailures.NotCovered)]
    [InlineData(",\"htu\":\"https://api.example/v1/items?id=7&b=2\"", "", AgentFailures.NotCovered)]
    [InlineData("\"POST\"", "\"GET\"", AgentFailures.Component)]
    [InlineData("\"POST\"", "\"post\"", AgentFailures.Component)]
    [InlineData("https://api.example", "http://api.example", AgentFailures.Component)]
    [InlineData("https://api.example", "https://other.example", AgentFailures.Component)]
    [InlineData("?id=7&b=2", "", AgentFailures.Component)]
    [InlineData("?id=7", "?id=8", AgentFailures.Component)]
    public async Task VerifyAsync_ChangedHeaderThoughSigned_IsRefused(string what, string by, string failure)
    {
        await using var harness = new AgentHarness(Agents);

        Assert.Equal(failure, await harness.FailureAsync(Signed(Good.Replace(what, by, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task VerifyAsync_OtherBodyOrSignature_IsRefused()
    {
        await using var harness = new AgentHarness(Agents);
        var body = Signed(Good);
        body.Body = "{}"u8.ToArray();
        var huge = Signed(Good);
        huge.Body = new byte[ContentDigest.MaxBodyBytes + 1];

        Assert.Equal(AgentFailures.BadSignature, await harness.FailureAsync(body));
        Assert.Equal(AgentFailures.BadSignature, await harness.FailureAsync(Signed(Good, "hmac-sha256")));
        Assert.Equal(AgentFailures.TooLarge, await harness.FailureAsync(huge));
    }

    // The body is a part of what is signed. Whatever can be told without it is, so that nobody makes the edge keep one for a header that cannot fit.
    [Fact]
    public async Task VerifyAsync_WhatCannotFit_IsRefusedWithoutReadingTheBody()
    {
        await using var harness = new AgentHarness(Agents);
        var named = Good.Replace("\"iat\"", "\"jti\":\"one\",\"iat\"", StringComparison.Ordinal);
        Assert.Equal("", await harness.FailureAsync(Signed(named)));
        (FakeRequest Request, string Failure)[] wrong =
        [
            (Signed(Good.Replace("\"ed\"", "\"nobody\"", StringComparison.Ordinal)), AgentFailures.UnknownAgent),
            (Signed(Good.Replace("EdDSA", "HS256", StringComparison.Ordinal)), AgentFailures.Algorithm),
            (Signed(Good.Replace("1618884473", "1618884142", StringComparison.Ordinal)), AgentFailures.Expired),
            (Signed(Good.Replace("1618884473", "1618884504", StringComparison.Ordinal)), AgentFailures.NotYetValid),
            (Signed(Good.Replace("POST", "PUT", StringComparison.Ordinal)), AgentFailures.Component),
            (Signed(Good.Replace("id=7", "id=8", StringComparison.Ordinal)), AgentFailures.Component),
            (Signed(Good.Replace(",\"htm\":\"POST\"", string.Empty, StringComparison.Ordinal)), AgentFailures.NotCovered),
            (Signed(named), AgentFailures.Replayed),
            (Signed(Good, "hmac-sha256"), AgentFailures.BadSignature),
            (AgentHarness.Request("POST").Add("X-JWS-Signature", new string('A', 8193)), AgentFailures.Malformed),
        ];
        foreach (var (request, failure) in wrong)
        {
            Assert.Equal((failure, 0), (await harness.FailureAsync(request), request.BodyReads));
        }

        // Nor for a client of whom too many have failed, whatever its header says.
        var good = Signed(Good);
        for (var i = 0; i < 40; i++)
        {
            await harness.VerifyAsync(Signed(Good, "hmac-sha256"));
        }

        Assert.Equal((AgentFailures.TooManyFailures, 0), (await harness.FailureAsync(good), good.BodyReads));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a..b")]
    [InlineData("e30..AA")]
    [InlineData("e30.e30.AA")]
    [InlineData("e30..AA.")]
    [InlineData("e30=..AA==")]
    [InlineData("bnVsbA..AA")]
    [InlineData("W10..AA")]
    [InlineData(" e30..AA")]
    [InlineData("e30..AB")]
    public async Task VerifyAsync_NotADetachedJws_IsRefused(string text)
    {
        await using var harness = new AgentHarness(Agents);
        var request = AgentHarness.Request("POST").Add("X-JWS-Signature", text);

        Assert.Contains(await harness.FailureAsync(request), (string[])[AgentFailures.Malformed, AgentFailures.UnknownAgent]);
    }

    [Fact]
    public async Task VerifyAsync_Repeated_IsRefused()
    {
        await using var harness = new AgentHarness(Agents);
        var request = Signed(Good);
        var named = Good.Replace("\"iat\"", "\"jti\":\"one\",\"iat\"", StringComparison.Ordinal);

        Assert.Equal("", await harness.FailureAsync(request));
        Assert.Equal(AgentFailures.Replayed, await harness.FailureAsync(request));
        Assert.Equal("", await harness.FailureAsync(Signed(named)));
        Assert.Equal(AgentFailures.Replayed, await harness.FailureAsync(Signed(named.Replace("1618884473", "1618884474", StringComparison.Ordinal))));
        Assert.Equal(AgentFailures.Malformed, await harness.FailureAsync(request.Add("X-JWS-Signature", "x")));
    }

    private static FakeRequest Signed(string header, string algorithm = "ed25519")
    {
        var request = AgentHarness.Request("POST");
        request.Body = "{\"amount\":7}"u8.ToArray();
        var encoded = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header));
        var payload = header.Contains("\"b64\":false", StringComparison.Ordinal) ? request.Body : Base64Url.EncodeToUtf8(request.Body);
        byte[] signed = [.. Encoding.ASCII.GetBytes(encoded + "."), .. payload];
        return request.Add("X-JWS-Signature", $"{encoded}..{Base64Url.EncodeToString(AgentHarness.Sign(algorithm, signed))}");
    }
}
