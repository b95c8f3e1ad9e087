using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;

namespace EdgeGuard.Edge.Tests.Webhooks;

/// <summary>An edge that takes in webhooks, and deliveries to it.</summary>
internal static class WebhookEdge
{
    public const string Secret = "0123456789abcdef0123456789abcdef";

    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        webhooks:
          - {id: code, scheme: github, secrets: ['${env:HOOK_SECRET}'], max_body_bytes: 2000000}
          - {id: small, scheme: github, secrets: ['${env:HOOK_SECRET}'], max_body_bytes: 100}
        policies:
          - id: code
            spec: {selector: {pathPrefix: /code}, webhook: code, rules: []}
          - id: limited
            spec:
              selector: {pathPrefix: /limited}
              webhook: code
              rules: [{name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1}}]
          - id: small
            spec: {selector: {pathPrefix: /small}, webhook: small, rules: []}
          - id: trial
            spec: {selector: {pathPrefix: /trial}, webhook: code, mode: shadow, rules: []}
          - id: rest
            spec: {selector: {pathPrefix: /rest}, rules: []}
        """;

    public static Task<EdgeUnderTest> StartAsync(string secret = Secret) => EdgeUnderTest.StartAsync(
        Bundle,
        options => options with { ReferenceEnvironment = ["HOOK_SECRET"] },
        new EdgeHostSettings { Environment = name => name == "HOOK_SECRET" ? secret : null });

    public static string Sign(byte[] body, string secret = Secret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    /// <summary>A delivery to the proxy.</summary>
    public static Task<HttpResponseMessage> DeliverAsync(
        EdgeUnderTest edge, string path, byte[] body, string? signature, Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        return SendAsync(edge.Proxy!, request, signature, change);
    }

    /// <summary>A delivery that a gateway asks about.</summary>
    public static Task<HttpResponseMessage> AskAsync(EdgeUnderTest edge, string path, byte[]? body, string? signature)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/decision") { Content = body is null ? null : new ByteArrayContent(body) };
        request.Headers.Add("X-Original-Method", "POST");
        request.Headers.Add("X-Original-URI", path);
        request.Headers.Add("X-Original-Host", "api.test");
        return SendAsync(edge.Decision!, request, signature, null);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, string? signature, Action<HttpRequestMessage>? change)
    {
        if (signature is not null)
        {
            request.Headers.Add("X-Hub-Signature-256", signature);
        }

        change?.Invoke(request);
        return client.SendAsync(request);
    }
}
