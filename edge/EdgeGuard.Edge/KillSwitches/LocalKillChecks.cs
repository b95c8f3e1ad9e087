using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Admin;

namespace EdgeGuard.Edge.KillSwitches;

/// <summary>What a local kill switch has to hold beside what every kill switch has to.</summary>
internal static class LocalKillChecks
{
    /// <summary>All problems.</summary>
    public static ImmutableArray<Diagnostic> Check(
        CreateKillSwitch request, string id, ImmutableArray<KillSwitchDefinition> live, DateTimeOffset now)
    {
        var problems = ImmutableArray.CreateBuilder<Diagnostic>();
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            problems.Add(Problem("reason", "a local kill switch needs a reason", "say why; it is reported to the control plane"));
        }

        if (request.ExpiresAt is { } expires && expires <= now)
        {
            problems.Add(Problem("expires_at", "expires_at has passed already", "leave it out, or give a time to come"));
        }

        if (live.Any(found => found.Id == id))
        {
            problems.Add(Problem("id", $"there is a local kill switch {id} already", "remove it first, or choose another id"));
        }

        if (live.Length >= LocalKillSwitches.MaxSwitches)
        {
            problems.Add(Problem(string.Empty, $"there are {LocalKillSwitches.MaxSwitches} local kill switches already", "remove some, or use a bundle"));
        }

        return problems.ToImmutable();
    }

    private static Diagnostic Problem(string path, string message, string fix) =>
        new(AdminCodes.KillSwitchRefused, Severity.Error, SourceLocation.None, path, message, fix);
}
