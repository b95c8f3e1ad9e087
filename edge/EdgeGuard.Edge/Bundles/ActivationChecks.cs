using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Bundles;

/// <summary>What a bundle that is well-formed and genuine must still hold before it comes into force: forward, not too old, not expired.</summary>
internal static class ActivationChecks
{
    /// <summary>Adds a problem for each check that fails.</summary>
    /// <param name="candidate">The bundle to be.</param>
    /// <param name="mark">Where it stands.</param>
    /// <param name="highest">The newest that was ever in force.</param>
    /// <param name="active">What is in force, or null.</param>
    /// <param name="options">For the lowest version and what an expired bundle means.</param>
    /// <param name="now">The wall clock.</param>
    /// <param name="findings">Where problems go.</param>
    public static void Check(
        ActiveBundle candidate,
        HighWaterMark mark,
        HighWaterMark highest,
        ActiveBundle? active,
        EdgeOptions options,
        DateTimeOffset now,
        ImmutableArray<Diagnostic>.Builder findings)
    {
        if (!IsForward(mark, highest, active))
        {
            findings.Add(Problem(
                EdgeCodes.BundleNotForward,
                $"bundle version {candidate.Version} (epoch {mark.Epoch}, sequence {mark.Sequence}) does not come after the newest one accepted here (epoch {highest.Epoch}, sequence {highest.Sequence})",
                "to go back, publish the old content as a new, higher version"));
        }

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

    // What is kept on disk may lie at the mark, never below it: it is what was in force when the process ended. Another source may repeat the
    // mark only while nothing is in force, which is a restart after the kept bundle was lost.
    private static bool IsForward(HighWaterMark mark, HighWaterMark highest, ActiveBundle? active)
    {
        if (highest.Lineage.Length > 0 && !string.Equals(highest.Lineage, mark.Lineage, StringComparison.Ordinal))
        {
            return false;
        }

        return highest.IsBelow(mark.Epoch, mark.Sequence) || (active is null && highest.Equals(mark.Epoch, mark.Sequence));
    }

    // With "keep" an expired bundle stays in force, and a restart must not change that.
    private static bool MayStartExpired(ActiveBundle candidate, EdgeOptions options) =>
        candidate.Origin == BundleActivator.LastGood && !options.Bundle.DenyOnExpiry;

    private static Diagnostic Problem(string code, string message, string fix) =>
        new(code, Severity.Error, SourceLocation.None, string.Empty, message, fix);
}
