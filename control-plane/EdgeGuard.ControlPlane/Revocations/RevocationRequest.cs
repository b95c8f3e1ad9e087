using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Hosting;

namespace EdgeGuard.ControlPlane.Revocations;

/// <summary>Judges a revocation that somebody asks for: with the reader of the edge, and for what people owe each other.</summary>
internal static class RevocationRequest
{
    private const int MaxReason = 500;

    private static readonly string[] Kinds = ["organization", "subject", "key", RevocationReader.Token];

    // A time ahead would also void what is issued from now on until then.
    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(5);

    /// <summary>Everything that is wrong; empty when it may come into force.</summary>
    public static List<ProblemItem> Check(CreateRevocation request, DateTimeOffset now)
    {
        var errors = new List<ProblemItem>();
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > MaxReason || request.Reason.Any(char.IsControl))
        {
            errors.Add(Item("reason", $"A revocation needs a reason of 1 to {MaxReason} characters on one line.", "say why: the next person on call reads it"));
        }

        if (Array.IndexOf(Kinds, request.Kind) < 0)
        {
            errors.Add(Item("kind", "The kind is none of organization, subject, key and token.", "say what the value is"));
            return errors;
        }

        if (request.Time is { } time && (request.Kind == RevocationReader.Token || time > now + MaxAhead))
        {
            errors.Add(request.Kind == RevocationReader.Token
                ? Item("time", "A single token is void whenever it was issued.", "leave the time out")
                : Item("time", $"{time:O} is in the future: nobody could sign in until then.", "leave the time out for now"));
        }

        if (request.ExpiresAt is { } end && end <= now)
        {
            errors.Add(Item("expires_at", $"{end:O} is not in the future.", "give a later time, or none"));
        }

        var document = BundleReader.WriteRevocations(RevocationReader.Definition([(request.Kind, request.Value ?? string.Empty, request.Time ?? now)]));
        var (_, findings) = BundleReader.ReadRevocations(document, "revocation");
        errors.AddRange(findings.Where(finding => finding.Severity is Severity.Error).Select(finding => Problems.Item(finding) with { Path = "value" }));
        return errors;
    }

    private static ProblemItem Item(string path, string message, string fix) => Problems.Item(ControlPlaneCodes.RevocationInvalid, path, message, fix);
}
