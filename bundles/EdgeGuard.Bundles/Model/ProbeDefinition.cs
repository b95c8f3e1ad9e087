namespace EdgeGuard.Bundles.Model;

/// <summary>A request that the edge decides for itself before it says that it is ready.</summary>
/// <param name="Name">Unique in the bundle.</param>
/// <param name="Request">The request, as in a policy test.</param>
/// <param name="ExpectsAllow">Whether it must be admitted; otherwise it must be refused.</param>
public sealed record ProbeDefinition(string Name, PolicyTestRequest Request, bool ExpectsAllow);
