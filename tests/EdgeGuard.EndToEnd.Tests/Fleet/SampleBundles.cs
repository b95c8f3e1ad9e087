namespace EdgeGuard.EndToEnd.Tests.Fleet;

/// <summary>Bundles that several tests use.</summary>
internal static class SampleBundles
{
    /// <summary>By key: ten a burst and one in a hundred seconds, under <c>/v1/</c>.</summary>
    public const string PerKey = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - name: per-key
                  limit_keys: ["header:x-api-key"]
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 0.01, burst: 10}
        """;

    /// <summary>As much as anybody can send, under <c>/v1/</c>; <paramref name="id"/> tells bundles apart.</summary>
    public static string Generous(string id, int burst = 1_000_000, string cluster = "default", int version = 1) => $$"""
        format: edgeguard/v1
        bundle_version: {{version}}
        policies:
          - id: {{id}}
            spec:
              selector: {pathPrefix: /v1/}
              cluster: {{cluster}}
              rules:
                - name: per-key
                  limit_keys: ["header:x-api-key"]
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 100000, burst: {{burst}}}
        """;

    /// <summary>One limit for everybody, which is never reached.</summary>
    public static string Open(string id) => $$"""
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: {{id}}
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - {name: all, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 100000, burst: 1000000} }
        """;

    /// <summary>Five a burst for each organization that a verified token names.</summary>
    public static string PerOrganization(string issuer, string keySetUrl) => $$"""
        format: edgeguard/v1
        bundle_version: 1
        issuers:
          - id: provider
            issuer: {{issuer}}
            audiences: [api]
            algorithms: [RS256, ES256]
            jwks_url: {{keySetUrl}}
        policies:
          - id: tenants
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - name: per-organization
                  limit_keys: ["jwt:org"]
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 0.01, burst: 5}
        """;
}
