using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;

namespace EdgeGuard.ControlPlane.ApiKeys;

/// <summary>Judges a key that somebody asks for: with the reader of the edge.</summary>
internal static class ApiKeyRequest
{
    private const string Prefix = "api_keys[0]";

    /// <summary>Everything that is wrong; empty when it may be made.</summary>
    public static List<ProblemItem> Check(CreateApiKey request, DateTimeOffset now)
    {
        var errors = new List<ProblemItem>();
        if (request.Kind is not ("secret" or "publishable"))
        {
            errors.Add(Item("kind", "The kind is neither secret nor publishable.", "secret for servers, publishable for web pages"));
        }

        if (request.Environment is not (null or "live" or "test"))
        {
            errors.Add(Item("environment", "The environment is neither live nor test.", "leave it out for live"));
        }

        if (request.ExpiresAt is { } end && end <= now)
        {
            errors.Add(Item("expires_at", $"{end:O} is not in the future.", "give a later time, or none"));
        }

        var lists = new[] { request.Scopes, request.AllowedOrigins, request.AllowedMethods, request.AllowedPaths };
        if (lists.Any(list => list?.Contains(null!) == true))
        {
            errors.Add(Item(string.Empty, "A list holds null.", "write texts only"));
        }

        if (errors.Count > 0)
        {
            return errors;
        }

        var candidate = new ApiKeyRow { Id = "candidate", KeyHash = new byte[32], NotBefore = request.NotBefore ?? now, ExpiresAt = request.ExpiresAt };
        var (_, findings) = BundleReader.ReadApiKeys(
            BundleReader.WriteApiKeys([ApiKeyReader.ForEdges(candidate, request with { Organization = request.Organization ?? string.Empty })]), "API key");
        errors.AddRange(findings.Where(finding => finding.Severity is Severity.Error)
            .Select(finding => Problems.Item(finding) with { Path = finding.Path.Replace(Prefix, string.Empty, StringComparison.Ordinal).TrimStart('.') }));
        return errors;
    }

    private static ProblemItem Item(string path, string message, string fix) => Problems.Item(ControlPlaneCodes.ApiKeyInvalid, path, message, fix);
}
