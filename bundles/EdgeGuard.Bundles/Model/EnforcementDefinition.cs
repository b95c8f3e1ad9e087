namespace EdgeGuard.Bundles.Model;

/// <summary>Enforces for a stable share of identities and shadows the rest.</summary>
/// <param name="Percent">Share that is enforced, 0 to 100; raising it never frees one that was enforced.</param>
/// <param name="By">Identity that the share is taken of.</param>
public sealed record EnforcementDefinition(double Percent, DescriptorKey By);
