namespace EdgeGuard.ControlPlane.Tests.Support;

/// <summary>Bundles to push.</summary>
internal static class TestBundles
{
    public static string Yaml(int burst = 10, string tests = "") => $$$"""
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - {name: per-key, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, burst: {{{burst}}}}}
        {{{tests}}}
        """;
}
