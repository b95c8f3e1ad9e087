using EdgeGuard.Conformance.Tests.Cases;

namespace EdgeGuard.Conformance.Tests.Scenarios;

/// <summary>A case that a bundle's own tests cannot say.</summary>
/// <param name="File">The file that it stands in.</param>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Doors">Doors that it runs through.</param>
/// <param name="Why">Why not through the others, where one is left out.</param>
/// <param name="Trusted">Whether the caller is a trusted proxy of the edge.</param>
/// <param name="Start">Virtual time of the first step.</param>
/// <param name="Steps">What happens.</param>
internal sealed record Scenario(
    string File, string Name, IReadOnlyList<Door> Doors, string? Why, bool Trusted, DateTimeOffset Start, IReadOnlyList<ScenarioStep> Steps);
