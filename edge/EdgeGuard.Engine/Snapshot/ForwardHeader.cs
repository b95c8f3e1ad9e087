namespace EdgeGuard.Engine.Snapshot;

/// <summary>A header that carries a verified value upstream.</summary>
/// <param name="Name">Its name, lower case.</param>
/// <param name="Slot">Slot of the value.</param>
public readonly record struct ForwardHeader(string Name, int Slot);
