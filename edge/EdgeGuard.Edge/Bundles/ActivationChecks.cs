using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Hosting;
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

        if (candidate.IsExpired(now) && !MayStartExpired(candidate, options))
        {
            findings.Add(Problem(
                EdgeCodes.BundleExpired,
                $"bundle version {candidate.Version} expired at {candidate.ExpiresAt:yyyy-MM-ddTHH:mm:ssZ}",
                "publish a new version with a later expires_at"));
        }
    }

    // With "keep" an expired bundle stays in force, and a restart must not change that.
    private static bool MayStartExpired(ActiveBundle candidate, EdgeOptions options) =>
        candidate.Origin == BundleActivator.LastGood && !options.Bundle.DenyOnExpiry;

    private static Diagnostic Problem(string code, string message, string fix) =>
        new(code, Severity.Error, SourceLocation.None, string.Empty, message, fix);
}
