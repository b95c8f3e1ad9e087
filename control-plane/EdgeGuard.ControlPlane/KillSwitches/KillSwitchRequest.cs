using System.Security.Cryptography;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Hosting;

namespace EdgeGuard.ControlPlane.KillSwitches;

/// <summary>Judges a kill switch that somebody asks for: with the reader of the edge, and for what people owe each other.</summary>
internal static class KillSwitchRequest
{
    private const int MaxReason = 500;

    /// <summary>The switch as the edge will read it, or everything that is wrong.</summary>
    public static (KillSwitchDefinition? Definition, IReadOnlyList<ProblemItem> Errors) Check(CreateKillSwitch request, DateTimeOffset now)
    {
        var errors = new List<ProblemItem>();
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > MaxReason || request.Reason.Any(char.IsControl))
        {
            errors.Add(Problems.Item(ControlPlaneCodes.KillSwitchInvalid, "reason",
                $"A kill switch needs a reason of 1 to {MaxReason} characters on one line.", "say why: the next person on call reads it"));
        }

        if (request.ExpiresAt is { } end && end <= now)
        {
            errors.Add(Problems.Item(ControlPlaneCodes.KillSwitchInvalid, "expires_at", $"{end:O} is not in the future.", "give a later time, or none"));
        }

        var id = request.Id ?? "ks-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var document = KillSwitchReader.Document(
            id, request.ScopeKey ?? string.Empty, request.ScopeValue ?? string.Empty, request.Route,
            string.IsNullOrEmpty(request.Reason) ? "-" : request.Reason, request.ExpiresAt, request.Status ?? 429);
        var (switches, diagnostics) = BundleReader.ReadKillSwitches(document, "kill switch");
        errors.AddRange(diagnostics.Where(diagnostic => diagnostic.Severity is Severity.Error).Select(Problems.Item));
        return errors.Count == 0 && switches.Length == 1 ? (switches[0] with { Id = id }, errors) : (null, errors);
    }
}
