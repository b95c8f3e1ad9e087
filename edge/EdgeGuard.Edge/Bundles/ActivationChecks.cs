using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Leases;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Bundles;

/// <summary>What a bundle that is well-formed and genuine must still hold before it comes into force: not too old, not expired.</summary>
internal static class ActivationChecks
{
    /// <summary>Adds a problem for each check that fails.</summary>
    /// <param name="candidate">The bundle to be.</param>
    /// <param name="options">For the lowest version and what an expired bundle means.</param>
    /// <param name="now">The wall clock.</param>
    /// <param name="findings">Where problems go.</param>
    public static void Check(
        ActiveBundle candidate,
        EdgeOptions options,
        DateTimeOffset now,
        ImmutableArray<Diagnostic>.Builder findings)
    {
        if (candidate.Version < options.Bundle.MinVersion)
        {
            findings.Add(Problem(
                EdgeCodes.BundleBelowMinimum,
                $"bundle version {candidate.Version} is below bundle.min_version {options.Bundle.MinVersion}",
                "use a newer bundle, or lower bundle.min_version in the options"));
        }

        if (candidate.IsExpired(now))
        {
            findings.Add(Expired(candidate, options));
        }
    }

    /// <summary>Adds a problem for each fleet-wide budget that nobody would hand out: counted by this edge alone, each of several would give out all of it.</summary>
    /// <param name="policy">What would be in force.</param>
    /// <param name="options">Whether there is a control plane.</param>
    /// <param name="findings">Where problems go.</param>
    public static void CheckScopes(CompiledPolicy policy, EdgeOptions options, ImmutableArray<Diagnostic>.Builder findings)
    {
        if (options.ControlPlaneUrl.Length > 0)
        {
            return;
        }

        foreach (var budget in FleetBudgets.Of(policy).Select(budget => budget.Name).Distinct(StringComparer.Ordinal))
        {
            findings.Add(Problem(
                EdgeCodes.FleetWithoutControlPlane,
                $"{budget} has scope: fleet, and this edge has no control plane that could hand its budget out",
                "connect the edge (EDGEGUARD_CONTROL_PLANE_URL), or remove scope so that each edge counts for itself"));
        }
    }

    // A restart must not change what happens: what expired while it was in force is kept, or denies, as the options say (BundleStatus.IsDenied).
    // Everything else that has expired is refused, wherever it comes from.
    private static Diagnostic Expired(ActiveBundle candidate, EdgeOptions options)
    {
        const string Fix = "publish a new version with a later expires_at, or sign it again with a later expiry";
        var expired = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"bundle version {candidate.Version} expired at {candidate.ExpiresAt:yyyy-MM-ddTHH:mm:ssZ}");
        if (candidate.Origin != BundleActivator.LastGood)
        {
            return Problem(EdgeCodes.BundleExpired, expired, Fix);
        }

        var consequence = options.Bundle.DenyOnExpiry
            ? "and denies everything, because bundle.on_expiry is deny"
            : "and stays in force, because bundle.on_expiry is keep";
        return Problem(EdgeCodes.BundleExpired, $"{expired} {consequence}", Fix) with { Severity = Severity.Warning };
    }

    private static Diagnostic Problem(string code, string message, string fix) =>
        new(code, Severity.Error, SourceLocation.None, string.Empty, message, fix);
}
