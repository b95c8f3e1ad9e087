using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeGuard.Edge.Grpc.Envoy.Auth;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Identity.Certificates;

namespace EdgeGuard.Edge.Grpc;

/// <summary>Reads what Envoy tells of a request.</summary>
internal sealed class CheckRequests(ClientAddressReader addresses)
{
    private const string ForwardedFor = "X-Forwarded-For";

    /// <summary>Reads it; an incomplete one is <see cref="OriginalRequest.Malformed"/>.</summary>
    public ToldRequest Read(HttpContext call, AttributeContext? attributes, out OriginalRequest original)
    {
        var http = attributes?.Request?.Http ?? new AttributeContext.Types.HttpRequest();
        var isWhole = http.Method.Length > 0 && http.Path.Length > 0 && http.Host.Length > 0;
        original = isWhole ? new OriginalRequest(http.Method, http.Host, http.Path) : OriginalRequest.Malformed;
        var told = new ToldRequest(call, http.Method, http.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? "https" : "http", Body(http));
        CopyHeaders(http, told.Headers);
        if (addresses.Proxies.TrustsPeer(told.Peer))
        {
            TellPeer(attributes?.Source, told.Headers);
        }

        return told;
    }

    private static MemoryStream? Body(AttributeContext.Types.HttpRequest http) =>
        http.RawBody.Length > 0 ? new MemoryStream(http.RawBody.ToByteArray(), writable: false)
        : http.Body.Length > 0 ? new MemoryStream(Encoding.UTF8.GetBytes(http.Body), writable: false)
        : null;

    // Pseudo-headers stand in fields of their own. With "encode_raw_headers" repeated headers come apart; otherwise Envoy has joined them.
    private static void CopyHeaders(AttributeContext.Types.HttpRequest http, HeaderDictionary headers)
    {
        foreach (var header in http.HeaderMap?.Headers ?? [])
        {
            Copy(header.Key, header.RawValue.Length > 0 ? header.RawValue.ToString(Encoding.UTF8) : header.Value, headers);
        }

        foreach (var (name, value) in http.HeaderMap is null ? http.Headers : [])
        {
            Copy(name, value, headers);
        }
    }

    private static void Copy(string name, string value, HeaderDictionary headers)
    {
        if (name.Length > 0 && name[0] != ':' && !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
        {
            headers.Append(name, value);
        }
    }

    // Envoy is one more hop: its peer stands at the right end of the chain, unless Envoy has put it there already. And its peer's certificate is
    // the only one that it can vouch for.
    private static void TellPeer(AttributeContext.Types.Peer? source, HeaderDictionary headers)
    {
        if (source?.Address?.SocketAddress?.Address is { Length: > 0 } address)
        {
            var chain = headers[ForwardedFor].ToString();
            if (!(chain == address || chain.EndsWith("," + address, StringComparison.Ordinal) || chain.EndsWith(", " + address, StringComparison.Ordinal)))
            {
                headers.Append(ForwardedFor, address);
            }
        }

        headers.Remove(ClientCertificateField.Name);
        if (source?.Certificate is { Length: > 0 } encoded && TryReadCertificate(encoded, out var field))
        {
            headers[ClientCertificateField.Name] = field;
        }
    }

    private static bool TryReadCertificate(string encoded, out string field)
    {
        field = string.Empty;
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(Uri.UnescapeDataString(encoded));
            field = ":" + Convert.ToBase64String(certificate.RawData) + ":";
            return true;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // As good as none: who needs one is refused.
            return false;
        }
    }
}
