namespace EdgeGuard.Engine.Compile;

/// <summary>A header that carries a verified value upstream.</summary>
/// <param name="Name">Its name, lower case.</param>
/// <param name="Slot">Slot of the value.</param>
internal readonly record struct CompiledHeader(string Name, int Slot);
