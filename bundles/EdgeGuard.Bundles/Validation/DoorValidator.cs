using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>What belongs to the doors: values that browsers would ignore or misread, and what contradicts itself.</summary>
internal static class DoorValidator
{
    /// <summary>What the browsers' lists ask for at least (hstspreload.org).</summary>
    private const long PreloadSeconds = 31_536_000;

    private static readonly HashSet<string> ReferrerPolicies =
    [
        "no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin", "same-origin", "strict-origin", "strict-origin-when-cross-origin", "unsafe-url",
    ];

    public static void Check(DocumentView document, Findings findings)
    {
        CheckHeaders(document.Root["security_headers"], "security_headers", findings);
        foreach (var policy in document.Policies)
        {
            if (policy.Spec is { } spec)
            {
                CheckHeaders(spec["security_headers"], policy.Path + ".spec.security_headers", findings);
                CheckCors(spec["cors"], policy.Path + ".spec.cors", findings);
            }
        }

        CheckProbes(document.Root, findings);
    }

    private static void CheckHeaders(Node? node, string path, Findings findings)
    {
        if (node is null)
        {
            return;
        }

        CheckValue(node, "strict_transport_security", path, TransportProblem, findings);
        CheckValue(
            node,
            "content_type_options",
            path,
            value => value == "nosniff" ? null : ("browsers know nosniff and nothing else", "write nosniff, or an empty text for none"),
            findings);
        CheckValue(
            node,
            "frame_options",
            path,
            value => value is "DENY" or "SAMEORIGIN"
                ? null
                : ("browsers know DENY and SAMEORIGIN and nothing else", "write one of the two, or an empty text and frame-ancestors in content_security_policy"),
            findings);
        CheckValue(
            node,
            "referrer_policy",
            path,
            value => Array.TrueForAll(value.Split(','), word => ReferrerPolicies.Contains(word.Trim()))
                ? null
                : ("it is no list of referrer policies", "write strict-origin-when-cross-origin, no-referrer, same-origin or another of the standard"),
            findings);
    }

    private static void CheckValue(Node node, string field, string path, Func<string, (string Message, string Fix)?> check, Findings findings)
    {
        if (node.TextAt(field) is { Length: > 0 } value && check(value) is var (message, fix))
        {
            findings.Error(MeaningCodes.SecurityHeader, node[field]!.Location, $"{path}.{field}", $"{Quote.Text(value)} has no effect: {message}", fix);
        }
    }

    // RFC 6797 section 6.1.
    private static (string Message, string Fix)? TransportProblem(string value)
    {
        long? seconds = null;
        var (subdomains, preload) = (false, false);
        foreach (var part in value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.StartsWith("max-age=", StringComparison.OrdinalIgnoreCase))
            {
                if (seconds is not null || !long.TryParse(part["max-age=".Length..].Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var age))
                {
                    return ("max-age is not one number of seconds", "write max-age=31536000; includeSubDomains");
                }

                seconds = age;
            }

            subdomains |= part.Equals("includeSubDomains", StringComparison.OrdinalIgnoreCase);
            preload |= part.Equals("preload", StringComparison.OrdinalIgnoreCase);
        }

        return seconds is null ? ("it has no max-age", "write max-age=31536000; includeSubDomains")
            : preload && (seconds < PreloadSeconds || !subdomains) ? ("preload lists want a max-age of a year and includeSubDomains", "write max-age=31536000; includeSubDomains; preload, or leave preload out")
            : null;
    }

    private static void CheckCors(Node? cors, string path, Findings findings)
    {
        if (cors is null)
        {
            return;
        }

        var origins = cors.ItemsAt("allowed_origins");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < origins.Count; i++)
        {
            if (origins[i].Kind == NodeKind.String)
            {
                CheckOrigin(origins[i], path + ".allowed_origins[" + i.ToString(CultureInfo.InvariantCulture) + "]", origins.Count, seen, findings);
            }
        }

        if (seen.Contains(CorsDefinition.AnyOrigin) && cors.FlagAt("allow_credentials") == true)
        {
            findings.Error(
                MeaningCodes.CorsContradicts,
                cors["allow_credentials"]!.Location,
                path + ".allow_credentials",
                "with credentials browsers refuse the origin *, and any page could act for whoever visits it",
                "list the origins, or leave allow_credentials out");
        }

        var methods = cors.ItemsAt("allowed_methods");
        for (var i = 0; i < methods.Count; i++)
        {
            // Fetch standard, forbidden methods: browsers never send them.
            if (methods[i].Kind == NodeKind.String && methods[i].Text is "CONNECT" or "TRACE" or "TRACK")
            {
                findings.Error(
                    MeaningCodes.CorsContradicts,
                    methods[i].Location,
                    path + ".allowed_methods[" + i.ToString(CultureInfo.InvariantCulture) + "]",
                    $"no page can send {methods[i].Text}",
                    "remove it");
            }
        }
    }

    private static void CheckOrigin(Node node, string path, int count, HashSet<string> seen, Findings findings)
    {
        var origin = node.Text;
        if (!seen.Add(origin))
        {
            findings.Error(MeaningCodes.CorsContradicts, node.Location, path, $"{Quote.Text(origin)} is there twice", "remove one of the two");
        }
        else if (origin == CorsDefinition.AnyOrigin && count > 1)
        {
            findings.Error(MeaningCodes.CorsContradicts, node.Location, path, "* stands for every origin, so the others say nothing", "keep * alone, or list the origins");
        }
        else if ((origin.StartsWith("https://", StringComparison.Ordinal) && origin.EndsWith(":443", StringComparison.Ordinal))
            || (origin.StartsWith("http://", StringComparison.Ordinal) && origin.EndsWith(":80", StringComparison.Ordinal)))
        {
            findings.Error(
                MeaningCodes.CorsOrigin, node.Location, path, $"{Quote.Text(origin)} is never sent: browsers leave the scheme's own port out", "remove the port");
        }
    }

    private static void CheckProbes(Node root, Findings findings)
    {
        var probes = root.ItemsAt("probes");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < probes.Count; i++)
        {
            if (probes[i].TextAt("name") is { } name && !names.Add(name))
            {
                findings.Error(
                    MeaningCodes.DuplicateId,
                    probes[i]["name"]!.Location,
                    "probes[" + i.ToString(CultureInfo.InvariantCulture) + "].name",
                    $"{Quote.Text(name)} is used twice in probes",
                    "give each its own name");
            }
        }
    }
}
