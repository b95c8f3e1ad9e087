using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using EdgeGuard.Identity.Structured;

namespace EdgeGuard.Identity.Signatures;

/// <summary>Values of covered components in a request (RFC 9421 sections 2.1 and 2.2).</summary>
internal static class ComponentValue
{
    // What ;sf needs to know (section 2.1.1): the type of each structured field that requests carry. Others cannot be signed that way.
    private static readonly FrozenSet<string> Dictionaries = FrozenSet.ToFrozenSet(
        [
            "content-digest", "repr-digest", "want-content-digest", "want-repr-digest", "priority", "signature", "signature-input", "signature-agent",
            "accept-signature", "x-agent-signature",
        ],
        StringComparer.Ordinal);

    private static readonly SearchValues<char> Signable = SearchValues.Create([.. "\t", .. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    private static readonly FrozenSet<string> Lists = FrozenSet.ToFrozenSet(["client-cert-chain", "cache-status", "proxy-status"], StringComparer.Ordinal);

    private static readonly FrozenSet<string> Items = FrozenSet.ToFrozenSet(
        ["client-cert", "idempotency-key", "sec-ch-ua-mobile", "sec-ch-ua-platform", "upload-complete", "upload-offset"], StringComparer.Ordinal);

    /// <summary>The value as it is signed; null when the request does not have it, or not exactly one.</summary>
    public static string? Of(CoveredComponent component, IIncomingRequest request, RequestParts parts)
    {
        var value = component.Name switch
        {
            "@method" => parts.Method,
            "@target-uri" => parts.TargetUri,
            "@authority" => parts.Authority,
            "@scheme" => parts.Scheme,
            "@request-target" => parts.Target,
            "@path" => parts.Path,
            "@query" => "?" + parts.Query,
            CoveredComponent.QueryParameter => QueryParameters.Find(parts.Query, component.QueryName!),
            _ => OfField(component, request),
        };

        // The base is ASCII, and a line feed would let one component pass for two.
        return value is not null && !value.AsSpan().ContainsAnyExcept(Signable) ? value : null;
    }

    private static string? OfField(CoveredComponent component, IIncomingRequest request)
    {
        if (component.IsBinary)
        {
            return Binary(component.Name, request);
        }

        var combined = request.CombinedOf(component.Name);
        if (combined is null)
        {
            return null;
        }

        if (component.Key is { } key)
        {
            return Member(combined, key);
        }

        return component.IsStrict ? Canonical(component.Name, combined) : combined;
    }

    private static string? Member(string combined, string key)
    {
        if (!StructuredFieldReader.TryReadDictionary(combined, out var dictionary))
        {
            return null;
        }

        var member = dictionary.Find(entry => string.Equals(entry.Key, key, StringComparison.Ordinal)).Value;
        return member is null ? null : StructuredFieldWriter.Write(member);
    }

    private static string? Canonical(string name, string combined)
    {
        if (Dictionaries.Contains(name))
        {
            return StructuredFieldReader.TryReadDictionary(combined, out var dictionary) ? StructuredFieldWriter.Write(dictionary) : null;
        }

        if (Lists.Contains(name))
        {
            return StructuredFieldReader.TryReadList(combined, out var list) ? StructuredFieldWriter.Write(list) : null;
        }

        return Items.Contains(name) && StructuredFieldReader.TryReadItem(combined, out var item) ? StructuredFieldWriter.Write(item) : null;
    }

    private static string? Binary(string name, IIncomingRequest request)
    {
        var lines = new List<FieldMember>();
        for (var i = 0; i < request.CountOf(name); i++)
        {
            if (request.LineOf(name, i) is not { } line)
            {
                return null;
            }

            lines.Add(FieldMember.Of(new FieldItem(BareItem.OfBytes(Encoding.UTF8.GetBytes(line.Trim(' ', '\t'))), FieldParameters.None)));
        }

        return lines.Count == 0 ? null : StructuredFieldWriter.Write(lines);
    }
}
