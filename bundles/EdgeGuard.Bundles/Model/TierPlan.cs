namespace EdgeGuard.Bundles.Model;

/// <summary>The numbers of one plan.</summary>
/// <param name="Name">The plan.</param>
/// <param name="Algorithm">The rule's limiter with the plan's numbers in it; of the same type as the rule's own.</param>
public sealed record TierPlan(string Name, AlgorithmDefinition Algorithm);
