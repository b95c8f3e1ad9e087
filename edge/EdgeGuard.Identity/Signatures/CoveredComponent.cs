using System.Collections.Frozen;
using EdgeGuard.Identity.Structured;

namespace EdgeGuard.Identity.Signatures;

/// <summary>One component that a signature covers (RFC 9421 section 2): a field, or something derived from the request.</summary>
/// <param name="Name">Name in lower case; derived ones begin with <c>@</c>.</param>
/// <param name="Item">The identifier as it stands in the signature's parameters.</param>
/// <param name="Key">Member of a dictionary field (<c>;key</c>), or null for the whole field.</param>
/// <param name="QueryName">Name of a query parameter as it is signed (<c>;name</c>), or null.</param>
/// <param name="IsStrict">Whether the field is signed in its canonical form (<c>;sf</c>).</param>
/// <param name="IsBinary">Whether each field line is signed as a byte sequence (<c>;bs</c>).</param>
internal sealed record CoveredComponent(string Name, FieldItem Item, string? Key, string? QueryName, bool IsStrict, bool IsBinary)
{
    public const string QueryParameter = "@query-param";

    // @status belongs to responses, and @signature-params is added by itself.
    private static readonly FrozenSet<string> Derived = FrozenSet.ToFrozenSet(
        ["@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query", QueryParameter], StringComparer.Ordinal);

    /// <summary>Identity: the name and its parameters, whatever their order (section 2).</summary>
    public string Identity => $"{Name}\n{Key}\n{Key is null}\n{QueryName}\n{QueryName is null}\n{IsStrict}\n{IsBinary}";

    /// <summary>
    /// Reads an identifier; null for one that is none, or that is not for requests: <c>@status</c>, <c>;req</c>, and <c>;tr</c>, because trailers are
    /// not there yet when it is decided.
    /// </summary>
    public static CoveredComponent? Of(FieldItem item)
    {
        if (item.Value.Kind != BareKind.Text || !IsName(item.Value.Text))
        {
            return null;
        }

        var component = new CoveredComponent(item.Value.Text, item, null, null, false, false);
        foreach (var (name, value) in item.Parameters.Entries)
        {
            switch (name)
            {
                case "sf" when value.IsTrue:
                    component = component with { IsStrict = true };
                    break;
                case "bs" when value.IsTrue:
                    component = component with { IsBinary = true };
                    break;
                case "key" when value.Kind == BareKind.Text:
                    component = component with { Key = value.Text };
                    break;
                case "name" when value.Kind == BareKind.Text:
                    component = component with { QueryName = value.Text };
                    break;
                default:
                    return null;
            }
        }

        return component.IsConsistent() ? component : null;
    }

    // Field parameters are for fields only, and bytes as received cannot be canonical at the same time (section 2.1).
    private bool IsConsistent()
    {
        var isField = Name[0] != '@';
        return isField
            ? QueryName is null && !(IsBinary && (IsStrict || Key is not null))
            : Key is null && !IsStrict && !IsBinary && (QueryName is not null) == (Name == QueryParameter);
    }

    private static bool IsName(string name) =>
        name.Length > 0 && (name[0] == '@' ? Derived.Contains(name) : name.AsSpan().IndexOfAnyExcept(FieldName.Characters) < 0);
}
