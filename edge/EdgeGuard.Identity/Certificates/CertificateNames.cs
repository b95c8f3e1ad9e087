using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EdgeGuard.Identity.Certificates;

/// <summary>Names in a certificate.</summary>
internal static class CertificateNames
{
    private const string AlternativeNames = "2.5.29.17";
    private const int MaxSpiffeLength = 2048;

    private static readonly Asn1Tag UriName = new(TagClass.ContextSpecific, 6);

    /// <summary>The SPIFFE id: the one URI among the alternative names (SPIFFE X.509-SVID section 2). Null for none; malformed for several.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="isMalformed">Whether it must be refused.</param>
    public static string? SpiffeOf(X509Certificate2 certificate, out bool isMalformed)
    {
        isMalformed = false;
        var uris = new List<string>();
        try
        {
            foreach (var extension in certificate.Extensions.Where(extension => extension.Oid?.Value == AlternativeNames))
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (names.PeekTag().HasSameClassAndValue(UriName))
                    {
                        uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriName));
                    }
                    else
                    {
                        names.ReadEncodedValue();
                    }
                }
            }
        }
        catch (AsnContentException)
        {
            isMalformed = true;
            return null;
        }

        if (!uris.Exists(uri => uri.StartsWith("spiffe:", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        isMalformed = uris.Count != 1 || !IsSpiffeId(uris[0]);
        return isMalformed ? null : uris[0];
    }

    /// <summary>Trust domain of a SPIFFE id.</summary>
    public static string DomainOf(string spiffe)
    {
        var rest = spiffe["spiffe://".Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? rest : rest[..slash];
    }

    /// <summary>The subject as text (RFC 4514): most significant part last, commas without blanks. Null for one with several values in one part.</summary>
    public static string? SubjectOf(X509Certificate2 certificate)
    {
        var text = new StringBuilder();
        try
        {
            foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: true))
            {
                if (part.HasMultipleElements)
                {
                    return null;
                }

                text.Append(text.Length == 0 ? string.Empty : ",");
                var type = part.GetSingleElementType().Value!;
                if (ShortNameOf(type) is { } name)
                {
                    text.Append(name).Append('=').Append(Escape(part.GetSingleElementValue() ?? string.Empty));
                }
                else
                {
                    text.Append(type).Append("=#").Append(Convert.ToHexStringLower(ValueOf(part).Span));
                }
            }
        }
        catch (Exception problem) when (problem is CryptographicException or AsnContentException)
        {
            return null;
        }

        return text.ToString();
    }

    private static ReadOnlyMemory<byte> ValueOf(X500RelativeDistinguishedName part)
    {
        var pair = new AsnReader(part.RawData, AsnEncodingRules.DER).ReadSetOf().ReadSequence();
        pair.ReadObjectIdentifier();
        return pair.ReadEncodedValue();
    }

    // Section 3: the names that every implementation knows.
    private static string? ShortNameOf(string type) => type switch
    {
        "2.5.4.3" => "CN",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.6" => "C",
        "2.5.4.9" => "STREET",
        "0.9.2342.19200300.100.1.25" => "DC",
        "0.9.2342.19200300.100.1.1" => "UID",
        _ => null,
    };

    private static string Escape(string value)
    {
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c == '\0')
            {
                text.Append("\\00");
                continue;
            }

            var isSpecial = c is '"' or '+' or ',' or ';' or '<' or '>' or '\\' || (c == '#' && i == 0) || (c == ' ' && (i == 0 || i == value.Length - 1));
            text.Append(isSpecial ? "\\" : string.Empty).Append(c);
        }

        return text.ToString();
    }

    // SPIFFE-ID sections 2.1 to 2.3: a domain in lower case, and a path of plain segments or none.
    private static bool IsSpiffeId(string uri)
    {
        if (uri.Length > MaxSpiffeLength || !uri.StartsWith("spiffe://", StringComparison.Ordinal))
        {
            return false;
        }

        var segments = uri["spiffe://".Length..].Split('/');
        return segments[0].Length is > 0 and <= 255
            && segments[0].All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_')
            && segments.Skip(1).All(segment => segment is not ("" or "." or "..") && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));
    }
}
