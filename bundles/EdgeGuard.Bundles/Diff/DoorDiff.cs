using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Diff;

/// <summary>What belongs to the doors: response headers, web pages, sizes, failures, probes.</summary>
internal sealed class DoorDiff(ChangeList changes) : IChangeComparer<ProbeDefinition>
{
    private static readonly SecurityHeadersDefinition NoHeaders = new();
    private static readonly RequestLimitsDefinition NoLimits = new();
    private static readonly OnFailureDefinition AllClosed = new();

    public string Describe(ProbeDefinition value) => $"{value.Request.Method} {value.Request.Path} must be {(value.ExpectsAllow ? "admitted" : "refused")}";

    public string EffectOfAdding(ProbeDefinition value) => string.Empty;

    public string EffectOfRemoving(ProbeDefinition value) => string.Empty;

    public void Compare(string path, ProbeDefinition before, ProbeDefinition after)
    {
        changes.Value(path + ".expect", before.ExpectsAllow ? "allow" : "reject", after.ExpectsAllow ? "allow" : "reject");
        changes.Value(path + ".request", $"{before.Request.Method} {before.Request.Path}", $"{after.Request.Method} {after.Request.Path}");
    }

    /// <summary>Policies of one id.</summary>
    public void Compare(string path, PolicyDefinition before, PolicyDefinition after)
    {
        Compare(path + ".on_failure", before.OnFailure ?? AllClosed, after.OnFailure ?? AllClosed);
        Compare(path + ".request_limits", before.RequestLimits ?? NoLimits, after.RequestLimits ?? NoLimits);
        Compare(path + ".security_headers", before.SecurityHeaders ?? NoHeaders, after.SecurityHeaders ?? NoHeaders);
        Compare(path + ".cors", before.Cors, after.Cors);
    }

    public void Compare(string path, SecurityHeadersDefinition before, SecurityHeadersDefinition after)
    {
        Header(path + ".strict_transport_security", before.StrictTransportSecurity, after.StrictTransportSecurity);
        Header(path + ".content_security_policy", before.ContentSecurityPolicy, after.ContentSecurityPolicy);
        Header(path + ".content_type_options", before.ContentTypeOptions, after.ContentTypeOptions);
        Header(path + ".frame_options", before.FrameOptions, after.FrameOptions);
        Header(path + ".referrer_policy", before.ReferrerPolicy, after.ReferrerPolicy);
        Header(path + ".permissions_policy", before.PermissionsPolicy, after.PermissionsPolicy);
    }

    // Without a header browsers do more; of two values nothing is told.
    private void Header(string path, string? before, string? after)
    {
        var effect = after is { Length: 0 } ? Effects.Loosens : before is { Length: 0 } ? Effects.Tightens : string.Empty;
        changes.Value(path, before is { Length: 0 } ? "none" : before, after is { Length: 0 } ? "none" : after, effect);
    }

    private void Compare(string path, CorsDefinition? before, CorsDefinition? after)
    {
        if (before is null || after is null)
        {
            // Without it the upstream says for itself who may call.
            changes.Value(path, before is null ? null : List(before.AllowedOrigins), after is null ? null : List(after.AllowedOrigins));
            return;
        }

        Set(path + ".allowed_origins", before.AllowedOrigins, after.AllowedOrigins);
        Set(path + ".allowed_methods", before.AllowedMethods, after.AllowedMethods);
        Set(path + ".allowed_headers", before.AllowedHeaders, after.AllowedHeaders);
        Set(path + ".exposed_headers", before.ExposedHeaders, after.ExposedHeaders);
        Flag(path + ".allow_credentials", before.AllowCredentials, after.AllowCredentials, "true", "false");
        changes.Value(path + ".max_age", DurationText.Format(before.MaxAge), DurationText.Format(after.MaxAge));
    }

    private void Compare(string path, RequestLimitsDefinition before, RequestLimitsDefinition after)
    {
        changes.Cap(path + ".max_body_bytes", before.MaxBodyBytes, after.MaxBodyBytes);
        changes.Cap(path + ".max_header_bytes", before.MaxHeaderBytes, after.MaxHeaderBytes);
        changes.Cap(path + ".max_header_count", before.MaxHeaderCount, after.MaxHeaderCount);
        changes.Cap(path + ".max_uri_bytes", before.MaxUriBytes, after.MaxUriBytes);
        changes.Value(path + ".timeout", Text(before.Timeout), Text(after.Timeout));
    }

    private void Compare(string path, OnFailureDefinition before, OnFailureDefinition after)
    {
        Flag(path + ".no_bundle", before.OpenWithoutBundle, after.OpenWithoutBundle, "open", "closed");
        Flag(path + ".identity_unavailable", before.OpenWithoutIdentity, after.OpenWithoutIdentity, "open", "closed");
        Flag(path + ".counters_full", before.OpenWithoutCounters, after.OpenWithoutCounters, "open", "closed");
        Flag(path + ".data_unavailable", before.OpenWithoutData, after.OpenWithoutData, "open", "closed");
    }

    private void Flag(string path, bool before, bool after, string yes, string no) =>
        changes.Value(path, before ? yes : no, after ? yes : no, after ? Effects.Loosens : Effects.Tightens);

    private void Set(string path, IEnumerable<string> before, IEnumerable<string> after)
    {
        HashSet<string> was = [.. before];
        var effect = was.IsProperSubsetOf(after) ? Effects.Loosens : was.IsProperSupersetOf(after) ? Effects.Tightens : string.Empty;
        changes.Value(path, List(was), List(after), effect);
    }

    private static string? List(IEnumerable<string> values)
    {
        var text = string.Join(", ", values.Order(StringComparer.Ordinal));
        return text.Length == 0 ? null : text;
    }

    private static string? Text(TimeSpan? time) => time is { } value ? DurationText.Format(value) : null;
}
