namespace EdgeGuard.Engine.Decide;

/// <summary>How much text of a completion was streamed before its answer broke off, in UTF-8, escapes resolved.</summary>
/// <param name="Ascii">Bytes below 128.</param>
/// <param name="Other">All other bytes.</param>
public readonly record struct StreamedText(long Ascii, long Other);
