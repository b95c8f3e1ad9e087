using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Explain;

/// <summary>What is kept of a fact: never its value.</summary>
/// <param name="Slot">Slot of the snapshot's plan.</param>
/// <param name="State">Whether it was there.</param>
/// <param name="Hash">Keyed hash of its value; 0 when there is none.</param>
public readonly record struct FactMark(int Slot, FactState State, ulong Hash);
