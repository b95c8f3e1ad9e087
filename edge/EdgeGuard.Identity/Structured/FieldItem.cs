namespace EdgeGuard.Identity.Structured;

/// <summary>A value of a structured field with its parameters.</summary>
internal sealed record FieldItem(BareItem Value, FieldParameters Parameters);
