using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Makes what belongs to the doors of nodes without error.</summary>
internal static class DoorBinder
{
    public static SecurityHeadersDefinition? BindSecurityHeaders(Node? node) => node is null
        ? null
        : new SecurityHeadersDefinition
        {
            StrictTransportSecurity = node.TextAt("strict_transport_security"),
            ContentSecurityPolicy = node.TextAt("content_security_policy"),
            ContentTypeOptions = node.TextAt("content_type_options"),
            FrameOptions = node.TextAt("frame_options"),
            ReferrerPolicy = node.TextAt("referrer_policy"),
            PermissionsPolicy = node.TextAt("permissions_policy"),
        };

    public static CorsDefinition? BindCors(Node? node)
    {
        if (node is null)
        {
            return null;
        }

        var cors = new CorsDefinition { AllowedOrigins = DocumentBinder.Each(node["allowed_origins"], origin => origin.Text) };
        return cors with
        {
            AllowedMethods = node["allowed_methods"] is { } methods ? DocumentBinder.Each(methods, method => method.Text) : cors.AllowedMethods,
            AllowedHeaders = DocumentBinder.Each(node["allowed_headers"], header => header.Text),
            ExposedHeaders = DocumentBinder.Each(node["exposed_headers"], header => header.Text),
            AllowCredentials = node.FlagAt("allow_credentials") ?? cors.AllowCredentials,
            MaxAge = node.DurationAt("max_age") ?? cors.MaxAge,
        };
    }

    public static RequestLimitsDefinition? BindRequestLimits(Node? node) => node is null
        ? null
        : new RequestLimitsDefinition
        {
            MaxBodyBytes = (long?)node.NumberAt("max_body_bytes"),
            MaxHeaderBytes = (int?)node.NumberAt("max_header_bytes"),
            MaxHeaderCount = (int?)node.NumberAt("max_header_count"),
            MaxUriBytes = (int?)node.NumberAt("max_uri_bytes"),
            Timeout = node.DurationAt("timeout"),
        };

    public static OnFailureDefinition? BindOnFailure(Node? node) => node is null
        ? null
        : new OnFailureDefinition
        {
            OpenWithoutBundle = IsOpen(node, "no_bundle"),
            OpenWithoutIdentity = IsOpen(node, "identity_unavailable"),
            OpenWithoutCounters = IsOpen(node, "counters_full"),
            OpenWithoutData = IsOpen(node, "data_unavailable"),
        };

    public static ProbeDefinition BindProbe(Node node) =>
        new(node.TextAt("name")!, TestBinder.BindRequest(node["request"]!), node.TextAt("expect") == "allow");

    private static bool IsOpen(Node node, string cause) => node.TextAt(cause) == "open";
}
