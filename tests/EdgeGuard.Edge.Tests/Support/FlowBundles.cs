namespace EdgeGuard.Edge.Tests.Support;

/// <summary>Bundles about what happens around an admitted request.</summary>
internal static class FlowBundles
{
    /// <summary>One request in flight for each API key, below <c>/v1/</c>.</summary>
    public static string OneInFlight(string more = "") => Policy($$"""
                - name: one
                  limit_keys: ['header:x-api-key']
                  algorithm: concurrency
                  algorithm_config: {limit: 1, max_hold: 10m}
        """) + more;

    /// <summary>From the second request of an hour on a warning, from the third a delay, from the eleventh refused.</summary>
    public static string Staged(int delay = 5000, string more = "") => Policy($$"""
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
        """) + more;

    /// <summary>Delays every request, with one slot for each API key.</summary>
    public static string DelayedSlot(int delay = 5000) => Staged(delay) + """

                - name: one
                  limit_keys: ['header:x-api-key']
                  algorithm: concurrency
                  algorithm_config: {limit: 1}
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
