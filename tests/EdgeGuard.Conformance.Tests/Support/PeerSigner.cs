using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.Conformance.Tests.Support;

/// <summary>Signs a bundle in the peer's form, as it is meant and as the peer's shipped image does it.</summary>
internal static class PeerSigner
{
    /// <summary>The key that the edges of the suite are given; it signs nothing but the suite's own bundles.</summary>
    public const string EdgeKey = "site:Y29uZm9ybWFuY2UtY29uZm9ybWFuY2UtY29uZm9ybSE";

    private static readonly byte[] Key = Encoding.ASCII.GetBytes("conformance-conformance-conform!");

    /// <summary>The signed document; the payload itself for no signature.</summary>
    public static byte[] Sign(byte[] payload, string? how)
    {
        var signature = how switch
        {
            null => null,
            "hmac-sha256" => HMACSHA256.HashData(Key, payload),
            "hmac-sha1" => Sha1(payload),
            "other-key" => HMACSHA256.HashData(Encoding.ASCII.GetBytes("another-another-another-another!"), payload),
            _ => throw new ArgumentException($"{how} is no way to sign", nameof(how)),
        };
        return signature is null ? payload : [.. Encoding.ASCII.GetBytes(Convert.ToBase64String(signature) + "\n"), .. payload];
    }

#pragma warning disable CA5350 // Weak on purpose: it is what the peer's image signs with, and what must be refused.
    private static byte[] Sha1(byte[] payload) => HMACSHA1.HashData(Key, payload);
#pragma warning restore CA5350
}
