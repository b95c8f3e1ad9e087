using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Makes what protects a whole policy of nodes without error. What says <c>enabled: false</c> is not there.</summary>
internal static class ProtectionBinder
{
    // A peer document may hold more than the native ranges; their ends hold then.
    private const int MaxWindowSeconds = 86_400;
    private const int MaxThreshold = 10_000;
    private const int MaxResetMinutes = 10_080;

    public static LoopDetectionDefinition? BindLoopDetection(Node spec)
    {
        if (Enabled(spec["loop_detection"]) is not { } node)
        {
            return null;
        }

        var defaults = new LoopDetectionDefinition();
        return defaults with
        {
            WindowSeconds = (int)Math.Min(node.NumberAt("window_seconds") ?? defaults.WindowSeconds, MaxWindowSeconds),
            Threshold = (int)Math.Min(node.NumberAt("threshold_identical_requests") ?? defaults.Threshold, MaxThreshold),
            Action = node.TextAt("action") switch
            {
                "throttle" => LoopAction.Throttle,
                "warn" => LoopAction.Warn,
                _ => LoopAction.Reject,
            },
            Near = node.TextAt("similarity") == "near",
            SimilarityPercent = node.NumberAt("similarity_percent") ?? defaults.SimilarityPercent,
            MaxCycleLength = (int)(node.NumberAt("max_cycle_length") ?? defaults.MaxCycleLength),
        };
    }

    public static CircuitBreakerDefinition? BindCircuitBreaker(Node spec, DocumentFormat dialect)
    {
        if (Enabled(spec["circuit_breaker"]) is not { } node)
        {
            return null;
        }

        var defaults = new CircuitBreakerDefinition { ThresholdPerMinute = node.NumberAt("spend_rate_threshold_per_minute")!.Value };
        return defaults with
        {
            AutoReset = node.NumberAt("auto_reset_after_minutes") is { } minutes ? TimeSpan.FromMinutes(Math.Min(minutes, MaxResetMinutes))
                : dialect == DocumentFormat.Peer ? TimeSpan.Zero
                : defaults.AutoReset,
            HalfOpenRequests = (int)(node.NumberAt("half_open_requests") ?? defaults.HalfOpenRequests),
            Status = (int)(node.NumberAt("status") ?? defaults.Status),
            Alert = node.FlagAt("alert") ?? defaults.Alert,
        };
    }

    public static FuseDefinition? BindFuse(Node? root)
    {
        if (Enabled(root) is not { } node)
        {
            return null;
        }

        var defaults = new FuseDefinition();
        return defaults with
        {
            Window = node.DurationAt("window") ?? defaults.Window,
            MaxIncreasePercent = node.NumberAt("max_increase_percent") ?? defaults.MaxIncreasePercent,
            MinRequests = (long)(node.NumberAt("min_requests") ?? defaults.MinRequests),
        };
    }

    public static AdaptiveConcurrencyDefinition? BindAdaptiveConcurrency(Node spec)
    {
        if (Enabled(spec["adaptive_concurrency"]) is not { } node)
        {
            return null;
        }

        var defaults = new AdaptiveConcurrencyDefinition();
        var (min, max, initial) = AdaptiveLimits(node);
        return defaults with
        {
            MinLimit = min,
            MaxLimit = max,
            InitialLimit = initial,
            LatencyTolerance = node.NumberAt("latency_tolerance") ?? defaults.LatencyTolerance,
            Priority = node["priority"] is { } priority ? BindPriority(priority) : null,
        };
    }

    /// <summary>The three limits as they hold; a default never contradicts a number that is written.</summary>
    public static (int Min, int Max, int Initial) AdaptiveLimits(Node node)
    {
        var defaults = new AdaptiveConcurrencyDefinition();
        var min = (int?)node.NumberAt("min_limit") ?? Math.Min(defaults.MinLimit, (int?)node.NumberAt("max_limit") ?? defaults.MinLimit);
        var max = (int?)node.NumberAt("max_limit") ?? Math.Max(defaults.MaxLimit, min);
        var initial = (int?)node.NumberAt("initial_limit") ?? Math.Clamp(defaults.InitialLimit, Math.Min(min, max), Math.Max(min, max));
        return (min, max, initial);
    }

    private static PriorityDefinition BindPriority(Node node)
    {
        var classes = DocumentBinder.Each(node["classes"], item => item.Text);
        return new PriorityDefinition(KeyBinder.BindTrusted(node.TextAt("by")!), classes, node.TextAt("default") ?? classes[^1]);
    }

    private static Node? Enabled(Node? node) => node?.FlagAt("enabled") == true ? node : null;
}
