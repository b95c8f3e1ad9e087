using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Edge.Bodies;
using EdgeGuard.Edge.Grpc;
using EdgeGuard.Edge.Grpc.Envoy.Auth;
using EdgeGuard.Edge.Grpc.Envoy.Core;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Grpc;

public sealed class AuthorizationServiceTests
{
    [Fact]
    public async Task Check_OfAnAdmittedRequest_TellsTheClientItsLimitAndEnvoyWhoDecided()
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey());
        var answer = await edge.CheckAsync("/v1/a", ("x-api-key", "a"));

        Assert.Equal(0, answer.Status.Code);
        Assert.StartsWith("\"api\";r=2;t=", GrpcEdge.Header(answer.OkResponse.ResponseHeadersToAdd, "RateLimit"), StringComparison.Ordinal);
        Assert.NotNull(GrpcEdge.Header(answer.OkResponse.ResponseHeadersToAdd, "X-EdgeGuard-Decision-Id"));
        Assert.Null(GrpcEdge.Header(answer.OkResponse.ResponseHeadersToAdd, "X-EdgeGuard-Decision"));
        Assert.Null(GrpcEdge.Header(answer.OkResponse.ResponseHeadersToAdd, "Cache-Control"));
        Assert.Empty(answer.OkResponse.Headers);
        Assert.Equal(("allow", "api", "per-key", 2d), (Text(answer, "decision"), Text(answer, "policy"), Text(answer, "rule"), answer.DynamicMetadata.Fields["remaining"].NumberValue));
    }

    [Fact]
    public async Task Check_OfARefusedRequest_HasItsStatusReasonAndBody()
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey(burst: 1));
        await edge.CheckAsync("/v1/a", ("x-api-key", "a"));
        var answer = await edge.CheckAsync("/v1/a", ("x-api-key", "a"));
        var denied = answer.DeniedResponse;

        Assert.Equal((int)GrpcStatus.ResourceExhausted, answer.Status.Code);
        Assert.Equal(429, (int)denied.Status.Code);
        Assert.Equal("token_bucket_exceeded", GrpcEdge.Header(denied.Headers, "X-EdgeGuard-Reason"));
        Assert.Equal("1", GrpcEdge.Header(denied.Headers, "Retry-After"));
        Assert.Equal("application/problem+json", GrpcEdge.Header(denied.Headers, "Content-Type"));
        Assert.Equal("token_bucket_exceeded", (string)JsonNode.Parse(denied.Body)!["reason"]!);
        Assert.Equal(
            ("reject", "token_bucket_exceeded", "api", "per-key"),
            (Text(answer, "decision"), Text(answer, "reason"), Text(answer, "policy"), Text(answer, "rule")));
    }

    [Fact]
    public async Task Check_ByAShadowPolicy_AdmitsAndSaysWhatItWouldHaveDone()
    {
        var bundle = TestBundles.PerKey(burst: 1).Replace("spec:", "spec:\n      mode: shadow", StringComparison.Ordinal);
        await using var edge = await GrpcEdge.StartAsync(bundle);
        await edge.CheckAsync("/v1/a", ("x-api-key", "a"));
        var answer = await edge.CheckAsync("/v1/a", ("x-api-key", "a"));

        Assert.NotNull(answer.OkResponse);
        Assert.Equal(("token_bucket_exceeded", "api"), (Text(answer, "shadow_reason"), Text(answer, "shadow_policy")));
    }

    [Fact]
    public async Task Check_WithHeadersThatOnlyTheEdgeMaySet_HasEnvoyRemoveThem()
    {
        var key = ApiKeyText.Create(isPublishable: false, "live");
        await using var edge = await GrpcEdge.StartAsync($$"""
            format: edgeguard/v1
            bundle_version: 1
            api_keys:
              - {id: ours, kind: secret, organization: acme, sha256: {{ApiKeyText.DigestText(key)}}}
            policies:
              - id: api
                spec:
                  selector: {pathPrefix: /v1/}
                  identity: required
                  identity_options: {forward_headers: {x-caller: 'key:id'} }
                  rules:
                    - {name: r, limit_keys: ['key:id', 'header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 9} }
            """);
        (string, string)[] forged = [("x-api-key", key), ("x-caller", "root"), ("x_caller", "root"), ("x_api_key", "b"), ("x-original-uri", "/"), ("x-edgeguard-decision", "allow")];
        var told = (await edge.CheckAsync("/v1/a", forged)).OkResponse;
        var elsewhere = (await edge.CheckAsync("/open", ("x-caller", "root"))).OkResponse;

        Assert.Equal("ours", GrpcEdge.Header(told.Headers, "x-caller"));
        Assert.Equal(["x-edgeguard-decision", "x-original-uri", "x_api_key", "x_caller"], told.HeadersToRemove.Order(StringComparer.Ordinal));
        Assert.Null(GrpcEdge.Header(told.ResponseHeadersToAdd, "x-caller"));
        Assert.Equal(["x-caller"], elsewhere.HeadersToRemove);
    }

    [Fact]
    public async Task Check_WithRawHeaders_DecidesOnTheFirstOfARepeatedOne()
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey(burst: 1));
        var question = GrpcEdge.Question("/v1/a");
        question.Attributes.Request.Http.HeaderMap = new HeaderMap
        {
            Headers =
            {
                new HeaderValue { Key = ":path", Value = "/other" },
                new HeaderValue { Key = "x-api-key", RawValue = ByteString.CopyFromUtf8("a") },
                new HeaderValue { Key = "x-api-key", Value = "b" },
            },
        };
        await edge.CheckAsync(question);

        Assert.NotNull((await edge.CheckAsync("/v1/a", ("x-api-key", "a"))).DeniedResponse);
        Assert.NotNull((await edge.CheckAsync("/v1/a", ("x-api-key", "b"))).OkResponse);
    }

    [Theory]
    [InlineData("")]
    [InlineData("203.0.113.9")]
    [InlineData("198.51.100.7, 203.0.113.9")]
    [InlineData("198.51.100.7,203.0.113.9")]
    public async Task Check_CountsThePeerThatEnvoyTells_WhateverTheClientClaims(string claimed)
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey(burst: 1).Replace("header:x-api-key", "ip:address", StringComparison.Ordinal));
        CheckRequest Question(string chain)
        {
            var question = chain.Length > 0 ? GrpcEdge.Question("/v1/a", ("x-forwarded-for", chain)) : GrpcEdge.Question("/v1/a");
            question.Attributes.Source = new AttributeContext.Types.Peer
            {
                Address = new Address { SocketAddress = new SocketAddress { Address = "203.0.113.9", PortValue = 4711 } },
            };
            return question;
        }

        await edge.CheckAsync(Question(string.Empty));

        Assert.NotNull((await edge.CheckAsync(Question(claimed))).DeniedResponse);
    }

    [Fact]
    public async Task Check_BelievesOnlyTheCertificateThatEnvoyVouchesFor()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        await using var edge = await GrpcEdge.StartAsync(TestBundles.PerKey(burst: 1));
        var addresses = edge.Edge.Host.Services.GetRequiredService<CheckRequests>();
        var question = GrpcEdge.Question("/v1/a", ("client-cert", ":Zm9yZ2Vk:"));
        var call = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        call.Connection.RemoteIpAddress = System.Net.IPAddress.Loopback;

        await using var without = addresses.Read(call, question.Attributes, out _);
        question.Attributes.Source = new AttributeContext.Types.Peer { Certificate = Uri.EscapeDataString(certificate.ExportCertificatePem()) };
        await using var with = addresses.Read(call, question.Attributes, out _);
        question.Attributes.Source.Certificate = "nonsense";
        await using var unreadable = addresses.Read(call, question.Attributes, out _);

        Assert.Empty(without.Headers["Client-Cert"].ToString());
        Assert.Equal(":" + Convert.ToBase64String(certificate.RawData) + ":", with.Headers["Client-Cert"].ToString());
        Assert.Empty(unreadable.Headers["Client-Cert"].ToString());
    }

    [Fact]
    public async Task Check_WithoutARequest_IsRefusedAsMalformed()
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.Open());
        var answer = await edge.CheckAsync(new CheckRequest());

        Assert.Equal(400, (int)answer.DeniedResponse.Status.Code);
        Assert.Equal("malformed_request", Text(answer, "reason"));
    }

    [Fact]
    public async Task Check_WithABody_IsDecidedOnIt_AndKeepsNothingOfIt()
    {
        var bundle = TestBundles.Open().Replace("algorithm: token_bucket", "algorithm: token_bucket_llm", StringComparison.Ordinal)
            .Replace("{tokens_per_second: 1000000, burst: 1000000}", "{tokens_per_minute: 100000, max_prompt_tokens: 3}", StringComparison.Ordinal);
        await using var edge = await GrpcEdge.StartAsync(bundle);
        var question = GrpcEdge.Question("/", ("content-type", "application/json"));
        question.Attributes.Request.Http.Method = "POST";
        question.Attributes.Request.Http.RawBody = ByteString.CopyFromUtf8("""{"messages":[{"role":"user","content":"one two three four five six seven"}],"max_tokens":5}""");
        var answer = await edge.CheckAsync(question);

        Assert.Equal("prompt_tokens_exceeded", Text(answer, "reason"));
        Assert.Equal(0, edge.Edge.Host.Services.GetRequiredService<BodyBudget>().Used);
    }

    [Theory]
    [InlineData(null, 16)]
    [InlineData("wrong", 16)]
    [InlineData("a-secret-for-gateways", 0)]
    public async Task Check_WhereASecretIsWanted_NeedsIt(string? presented, int status)
    {
        await using var edge = await GrpcEdge.StartAsync(TestBundles.Open(), options => options with { DecisionSharedSecret = new SecretText("a-secret-for-gateways") });
        (string, string)[] metadata = presented is null ? [] : [("x-edgeguard-decision-secret", presented)];
        var check = await edge.Caller.CallAsync(AuthorizationService.Path, GrpcEdge.Question("/").ToByteArray(), metadata);
        var limit = await edge.Caller.CallAsync(RateLimitService.Path, [], metadata);
        var health = await edge.Caller.CallAsync(HealthService.Path, [], metadata);

        Assert.Equal((status, status, 0), (check.Status, limit.Status, health.Status));
    }

    private static string Text(CheckResponse answer, string field) => answer.DynamicMetadata.Fields[field].StringValue;
}
