using System.Buffers;

namespace EdgeGuard.Identity.Signatures;

/// <summary>Names of fields as they are signed: tokens (RFC 9110 section 5.1) in lower case.</summary>
internal static class FieldName
{
    public static SearchValues<char> Characters { get; } = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");
}
