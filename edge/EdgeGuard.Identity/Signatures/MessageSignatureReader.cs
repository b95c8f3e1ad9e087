using System.Diagnostics.CodeAnalysis;
using EdgeGuard.Identity.Agents;
using EdgeGuard.Identity.Structured;

namespace EdgeGuard.Identity.Signatures;

/// <summary>Reads the signatures of a request (RFC 9421 sections 2.3, 4.1 and 4.2).</summary>
internal static class MessageSignatureReader
{
    public const string InputField = "Signature-Input";

    public const string ValueField = "Signature";

    // Ours, and those that proxies on the way have added.
    private const int MaxSignatures = 8;

    private const int MaxTextLength = 256;

    /// <summary>All signatures in the order of <c>Signature-Input</c>; or the word of what is wrong.</summary>
    public static IReadOnlyList<MessageSignature>? Read(string inputs, string values, out string failure)
    {
        failure = AgentFailures.Malformed;
        if (!StructuredFieldReader.TryReadDictionary(inputs, out var entries)
            || !StructuredFieldReader.TryReadDictionary(values, out var signatures)
            || entries.Count is 0 or > MaxSignatures
            || signatures.Count != entries.Count)
        {
            return null;
        }

        var read = new List<MessageSignature>(entries.Count);
        foreach (var (label, member) in entries)
        {
            var value = signatures.Find(entry => string.Equals(entry.Key, label, StringComparison.Ordinal)).Value;
            if (member.Inner is null || value?.Item is not { Value.Kind: BareKind.Bytes, Parameters.Count: 0 } item)
            {
                return null;
            }

            if (!TryReadComponents(member.Inner, out var components))
            {
                failure = AgentFailures.Component;
                return null;
            }

            if (!TryReadParameters(member, new MessageSignature { Label = label, Components = components, Parameters = member, Value = item.Value.Bytes }, out var signature))
            {
                return null;
            }

            read.Add(signature);
        }

        failure = string.Empty;
        return read;
    }

    private static bool TryReadComponents(IReadOnlyList<FieldItem> items, [NotNullWhen(true)] out IReadOnlyList<CoveredComponent>? components)
    {
        components = null;
        var read = new List<CoveredComponent>(items.Count);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (CoveredComponent.Of(item) is not { } component || !seen.Add(component.Identity))
            {
                return false;
            }

            read.Add(component);
        }

        components = read;
        return true;
    }

    // Parameters that nobody knows are signed like the others and mean nothing (section 2.3).
    private static bool TryReadParameters(FieldMember member, MessageSignature seed, [NotNullWhen(true)] out MessageSignature? signature)
    {
        signature = null;
        foreach (var (name, value) in member.Parameters.Entries)
        {
            if (name is "created" or "expires" ? value.Kind != BareKind.Integer || value.Number < 0
                : name is "nonce" or "alg" or "keyid" or "tag" && (value.Kind != BareKind.Text || value.Text.Length > MaxTextLength))
            {
                return false;
            }

            seed = name switch
            {
                "created" => seed with { Created = value.Number },
                "expires" => seed with { Expires = value.Number },
                "nonce" => seed with { Nonce = value.Text },
                "alg" => seed with { Algorithm = value.Text },
                "keyid" => seed with { KeyId = value.Text },
                "tag" => seed with { Tag = value.Text },
                _ => seed,
            };
        }

        signature = seed;
        return true;
    }
}
