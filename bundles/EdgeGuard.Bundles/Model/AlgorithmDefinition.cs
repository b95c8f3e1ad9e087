namespace EdgeGuard.Bundles.Model;

/// <summary>What a rule's limiter is and its numbers; one sealed record a limiter.</summary>
public abstract record AlgorithmDefinition;
