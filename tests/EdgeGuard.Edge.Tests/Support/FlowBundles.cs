namespace EdgeGuard.Edge.Tests.Support;

/// <summary>Bundles about what happens around an admitted request.</summary>
internal static class FlowBundles
{
    /// <summary>One request in flight for each API key, below <c>/v1/</c>.</summary>
    public static string OneInFlight() => Policy($$"""
                - name: one
                  limit_keys: ['header:x-api-key']
                  algorithm: concurrency
                  algorithm_config: {limit: 1, max_hold: 10m}
        """);

    /// <summary>From the second request of an hour on a warning, from the third a delay, from the eleventh refused.</summary>
    public static string Staged(int delay = 5000) => Policy($$"""
                - name: staged
                  limit_keys: ['header:x-api-key']
                  algorithm: cost_based
                  algorithm_config:
                    budget: 10
                    period: 1h
                    staged_actions:
                      - {threshold_percent: 20, action: warn}
                      - {threshold_percent: 30, action: throttle, delay_ms: {{delay}}}
                      - {threshold_percent: 100, action: reject}
        """);

    /// <summary>Delays every request, with one slot for each API key.</summary>
    public static string DelayedSlot(int delay = 5000) => Staged(delay) + """

                - name: one
                  limit_keys: ['header:x-api-key']
                  algorithm: concurrency
                  algorithm_config: {limit: 1}
        """;

    /// <summary>A thousand LLM tokens a minute for each API key; bodies of at most 4 KiB; 100 tokens of completion unless a request says more or less.</summary>
    public static string Llm(string more = "") => Policy($$"""
                - name: tokens
                  limit_keys: ['header:x-api-key']
                  algorithm: token_bucket_llm
                  algorithm_config: {tokens_per_minute: 1000, default_max_completion: 100, token_source: {max_body_bytes: 4096}{{more}}}
        """);

    /// <summary>The same request three times in a minute is a loop.</summary>
    public const string Loop = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: flow
            spec:
              selector: {pathPrefix: /v1/}
              loop_detection: {enabled: true, window_seconds: 60, threshold_identical_requests: 3, action: reject}
              rules: []
        """;

    private static string Policy(string rules) => $$"""
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: flow
            spec:
              selector: {pathPrefix: /v1/}
              rules:
        {{rules}}
        """;
}
