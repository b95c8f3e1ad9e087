using System.Collections.Immutable;
using System.Text;

namespace EdgeGuard.Engine.Answers;

/// <summary>
/// The header fields that a bundle adds to the answer of one kind of request: security headers and CORS. Made once for a bundle and shared: writing them
/// is copying bytes.
/// </summary>
public sealed class AnswerFields
{
    /// <summary>More would not fit the bits that tell which ones an upstream has sent.</summary>
    private const int MaxFields = 32;

    private const string CorsPrefix = "Access-Control-";
    private readonly byte[] _lines;

    internal AnswerFields(ImmutableArray<AnswerField> fields, bool isWritten, bool hasCors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fields.Length, MaxFields);
        Fields = fields;
        IsWritten = isWritten;
        HasCors = hasCors;
        var lines = new List<byte>();
        foreach (var field in fields)
        {
            lines.AddRange(field.Line);
        }

        _lines = [.. lines];
    }

    /// <summary>The fields, in order.</summary>
    public ImmutableArray<AnswerField> Fields { get; }

    /// <summary>Whether a bundle asks for any of them; otherwise all are defaults.</summary>
    public bool IsWritten { get; }

    /// <summary>Whether the edge answers for CORS, so that the upstream does not.</summary>
    public bool HasCors { get; }

    /// <summary>All fields as lines of HTTP/1.1.</summary>
    public ReadOnlySpan<byte> Lines => _lines;

    /// <summary>Whether an upstream's field is left out; notes those of which it is ours that are left out.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="given">Fields of ours that give way, by bits.</param>
    public bool Hides(ReadOnlySpan<byte> name, ref uint given)
    {
        if (name.Length < CorsPrefix.Length)
        {
            return false;
        }

        if (HasCors && Ascii.EqualsIgnoreCase(name[..CorsPrefix.Length], CorsPrefix))
        {
            return true;
        }

        for (var i = 0; i < Fields.Length; i++)
        {
            var field = Fields[i];
            if (field.Name.Length == name.Length && Ascii.EqualsIgnoreCase(name, field.Name))
            {
                given |= field.Rule == AnswerFieldRule.Yields ? 1u << i : 0;
                return field.Rule == AnswerFieldRule.Replaces;
            }
        }

        return false;
    }

    /// <summary>Whether an upstream's field is one that only the edge may send with these.</summary>
    public bool IsHidden(string name) => HasCors && name.StartsWith(CorsPrefix, StringComparison.OrdinalIgnoreCase);
}
