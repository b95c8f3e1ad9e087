namespace EdgeGuard.Options;

/// <summary>An option as it is in force.</summary>
/// <param name="Key">The key, with the user's names filled in.</param>
/// <param name="Shown">Value as text; <c>***</c> for a secret that is set, empty when nothing is set.</param>
/// <param name="Source"><c>default</c>, <c>file:line:col</c>, the variable's name or the flag.</param>
public sealed record EffectiveOption(string Key, string Shown, string Source);
