namespace EdgeGuard.Identity.Structured;

/// <summary>Types of values in structured fields (RFC 9651 section 3.3) that are read. Dates and display strings are refused: no field that is read has one.</summary>
internal enum BareKind : byte
{
    Integer,
    Decimal,
    Text,
    Token,
    Bytes,
    Boolean,
}
