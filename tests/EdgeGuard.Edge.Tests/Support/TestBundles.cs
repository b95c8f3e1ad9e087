namespace EdgeGuard.Edge.Tests.Support;

/// <summary>Bundles for tests.</summary>
internal static class TestBundles
{
    /// <summary>To be added to any bundle: a test that none passes.</summary>
    public const string FailingTests = """

        tests:
          - name: refuses what nothing is about
            steps:
              - request: {path: /nowhere}
                expect: {verdict: reject, reason: token_bucket_exceeded}
        """;

    /// <summary>Below <c>/v1/</c>: three requests for each API key, one more each second.</summary>
    public static string PerKey(int version = 1, int burst = 3, string top = "") => $$"""
        format: edgeguard/v1
        bundle_version: {{version}}
        {{top}}
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - name: per-key
                  limit_keys: ['header:x-api-key']
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1, burst: {{burst}}}
        """;

    /// <summary>One policy that is never in the way.</summary>
    public static string Open(int version = 1, string id = "open") => $$"""
        format: edgeguard/v1
        bundle_version: {{version}}
        policies:
          - id: {{id}}
            spec:
              selector: {pathPrefix: /}
              rules:
                - name: wide
                  limit_keys: []
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1000000, burst: 1000000}
        """;
}
