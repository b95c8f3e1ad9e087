namespace EdgeGuard.Engine.Compile;

/// <summary>One condition of a rule: a slot's value equals these bytes.</summary>
internal readonly record struct CompiledMatch(int Slot, byte[] Value);
