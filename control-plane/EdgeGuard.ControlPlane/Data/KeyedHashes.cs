using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.ControlPlane.Data;

/// <summary>
/// Keyed hashes of what must be found or compared but never stored: e-mail addresses and source addresses. Keyed, because a bare
/// hash of an IPv4 address is undone with 2^32 guesses. The keys are derived from the master key.
/// </summary>
internal sealed class KeyedHashes(byte[] masterKey)
{
    private readonly byte[] _email = Derive(masterKey, "edgeguard/control-plane/email-index");
    private readonly byte[] _source = Derive(masterKey, "edgeguard/control-plane/source-address");

    /// <summary>Blind index of an e-mail address; case does not matter.</summary>
    public string Email(string email) => Base64Url.EncodeToString(HMACSHA256.HashData(_email, Encoding.UTF8.GetBytes(email.Trim().ToLowerInvariant())));

    /// <summary>Hash of a caller's address, 128 bits; empty when there is none. An investigator can compute it for a candidate.</summary>
    public string Source(IPAddress? address)
    {
        if (address is null)
        {
            return string.Empty;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Base64Url.EncodeToString(HMACSHA256.HashData(_source, plain.GetAddressBytes()).AsSpan(0, 16));
    }

    private static byte[] Derive(byte[] master, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, 32, salt: null, info: Encoding.UTF8.GetBytes(purpose));
}
