namespace EdgeGuard.Engine.Decide;

/// <summary>Wire name, HTTP status and problem type of each <see cref="Reason"/>.</summary>
public static class Reasons
{
    private const string Iana = "https://iana.org/assignments/http-problem-types#";

    private static readonly (string Name, int Status, string Type)[] Table =
    [
        ("none", 200, "about:blank"),
        ("no_bundle_loaded", 503, "about:blank"),
        ("malformed_request", 400, "about:blank"),
        ("identity_required", 401, "about:blank"),
        ("identity_invalid", 401, "about:blank"),
        ("scope_denied", 403, "about:blank"),
        ("descriptor_missing", 403, "about:blank"),
        ("kill_switch", 429, "urn:edgeguard:problem:kill-switch"),
        ("token_bucket_exceeded", 429, Iana + "quota-exceeded"),
        ("sliding_window_exceeded", 429, Iana + "quota-exceeded"),
        ("concurrency_exceeded", 429, Iana + "quota-exceeded"),
        ("budget_exceeded", 429, Iana + "quota-exceeded"),
        ("quota_exceeded", 429, Iana + "quota-exceeded"),
        ("tpm_exceeded", 429, Iana + "quota-exceeded"),
        ("tpd_exceeded", 429, Iana + "quota-exceeded"),
        ("prompt_tokens_exceeded", 400, Iana + "quota-exceeded"),
        ("max_tokens_per_request_exceeded", 400, Iana + "quota-exceeded"),
        ("model_denied", 403, "about:blank"),
        ("loop_detected", 429, Iana + "abnormal-usage-detected"),
        ("circuit_breaker_open", 429, Iana + "temporary-reduced-capacity"),
        ("overload_shed", 503, Iana + "temporary-reduced-capacity"),
        ("counters_full", 503, Iana + "temporary-reduced-capacity"),
        ("replayed", 409, "about:blank"),
        ("too_large", 413, "about:blank"),
        ("upstream_unavailable", 502, "about:blank"),
    ];

    /// <summary>How many reasons there are, <see cref="Reason.None"/> included.</summary>
    public static int Count => Table.Length;

    /// <summary>Name on the wire, in logs and in metrics.</summary>
    public static string Name(Reason reason) => Table[(int)reason].Name;

    /// <summary>HTTP status unless the policy says another.</summary>
    public static int Status(Reason reason) => Table[(int)reason].Status;

    /// <summary>Problem type (RFC 9457; IANA registry where one is registered).</summary>
    public static string ProblemType(Reason reason) => Table[(int)reason].Type;

    /// <summary>The reason with a wire name, or <see cref="Reason.None"/>.</summary>
    public static Reason Parse(string name)
    {
        for (var i = 1; i < Table.Length; i++)
        {
            if (string.Equals(Table[i].Name, name, StringComparison.Ordinal))
            {
                return (Reason)i;
            }
        }

        return Reason.None;
    }
}
