using System.Collections.Frozen;
using System.Globalization;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Bindings of tokens can be met: what they say of a proof belongs to an accepted one, and what the proof comes in arrives.</summary>
internal static class BindingValidator
{
    // A credential, or what carries the proof of another binding: it cannot be a fingerprint as well.
    private static readonly FrozenSet<string> Taken = FrozenSet.ToFrozenSet(
        ["authorization", "proxy-authorization", "cookie", "dpop", "x-api-key", "client-cert", "client-cert-chain", "signature", "signature-input", "x-agent-signature"],
        StringComparer.Ordinal);

    private static readonly (string Option, string Kind)[] Options =
        [("dpop_max_age", "dpop"), ("dpop_nonce", "dpop"), ("fingerprint_claim", "fingerprint"), ("fingerprint_header", "fingerprint")];

    public static void Check(Node root, Findings findings)
    {
        var issuers = root.ItemsAt("issuers");
        FrozenSet<string>? forwarded = null;
        for (var i = 0; i < issuers.Count; i++)
        {
            if (issuers[i]["binding"] is not { Kind: NodeKind.Map } binding)
            {
                continue;
            }

            var path = string.Create(CultureInfo.InvariantCulture, $"issuers[{i}].binding");
            var kinds = binding.ItemsAt("kinds").Where(kind => kind.Kind == NodeKind.String).Select(kind => kind.Text).ToHashSet(StringComparer.Ordinal);
            CheckOptions(binding, kinds, path, findings);
            if (kinds.Contains("fingerprint"))
            {
                CheckHeader(binding, path, forwarded ??= ForwardedBy(root), findings);
            }

            if (kinds.Contains("mtls") && root["client_certificates"] is null)
            {
                findings.Warning(
                    MeaningCodes.BindingWithoutTrust,
                    binding["kinds"]!.Location,
                    path + ".kinds",
                    "tokens are bound to client certificates, and the bundle has no client_certificates: any certificate counts whose hash a token names, self-signed ones too (RFC 8705 section 2.2)",
                    "add client_certificates with the authorities that issue them, if certificates are to be trusted by themselves; otherwise this is as meant");
            }
        }
    }

    private static void CheckOptions(Node binding, HashSet<string> kinds, string path, Findings findings)
    {
        foreach (var (option, kind) in Options)
        {
            if (binding[option] is { } node && !kinds.Contains(kind))
            {
                findings.Error(
                    MeaningCodes.BindingContradicts,
                    node.Location,
                    $"{path}.{option}",
                    $"{option} says how {kind} is checked, and kinds does not accept {kind}",
                    $"add {kind} to kinds, or remove {option}");
            }
        }
    }

    private static void CheckHeader(Node binding, string path, FrozenSet<string> forwarded, Findings findings)
    {
        var header = Plain(binding.TextAt("fingerprint_header") ?? "x-device-fingerprint");
        var location = (binding["fingerprint_header"] ?? binding["kinds"]!).Location;
        if (forwarded.Contains(header))
        {
            findings.Error(
                MeaningCodes.FingerprintHeader,
                location,
                path + ".fingerprint_header",
                $"{Quote.Text(header)} is in forward_headers of a policy too, and such a header is removed when it comes from outside: no fingerprint would ever arrive",
                "give one of them another name");
        }

        if (Taken.Contains(header))
        {
            findings.Error(
                MeaningCodes.FingerprintHeader,
                location,
                path + ".fingerprint_header",
                $"{Quote.Text(header)} carries a credential or a proof of its own",
                "use a header of your own, such as x-device-fingerprint");
        }
    }

    private static FrozenSet<string> ForwardedBy(Node root) => root.ItemsAt("policies")
        .Select(policy => policy["spec"]?["identity_options"])
        .OfType<Node>()
        .SelectMany(options => options.EntriesAt("forward_headers"))
        .Select(entry => Plain(entry.Key))
        .ToFrozenSet(StringComparer.Ordinal);

    // Twins with an underscore are removed as well.
    private static string Plain(string header) => DescriptorCatalog.LowerAscii(header).Replace('_', '-');
}
