namespace EdgeGuard.Conformance.Tests.Cases;

/// <summary>A file, or one case in it, that only some doors can express.</summary>
/// <param name="File">The file.</param>
/// <param name="Case">Name of the case, or null for all of the file that no other entry names.</param>
/// <param name="Doors">Doors that it runs through.</param>
/// <param name="Why">Why not through the others.</param>
internal sealed record DoorException(string File, string? Case, IReadOnlyList<Door> Doors, string Why);
