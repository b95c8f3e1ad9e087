using System.Buffers.Text;
using System.Formats.Asn1;
using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Independent;

/// <summary>A key pair that the command line of OpenSSL made and signs with; nothing of .NET touches the private key.</summary>
internal sealed class OpenSslKey : IDisposable
{
    private const string Program = "openssl";

    private readonly TempFolder _folder;
    private readonly string _algorithm;

    private OpenSslKey(TempFolder folder, string algorithm, string publicPem)
    {
        _folder = folder;
        _algorithm = algorithm;
        PublicPem = publicPem;
    }

    /// <summary>Whether the program is there.</summary>
    public static bool IsAvailable => InstalledProgram.Exists(Program);

    /// <summary>The public key as OpenSSL writes it.</summary>
    public string PublicPem { get; }

    /// <summary>Makes a key pair for a JOSE algorithm.</summary>
    public static async Task<OpenSslKey> CreateAsync(string algorithm)
    {
        string[] kind = algorithm switch
        {
            "ES256" => ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            "ES384" => ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
            "ES512" => ["EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
            "EdDSA" => ["ED25519"],
            _ => ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        };
        var folder = new TempFolder();
        await InstalledProgram.RunAsync(Program, ["genpkey", "-algorithm", .. kind, "-out", folder.Combine("key.pem")]);
        var publicPem = await InstalledProgram.RunAsync(Program, ["pkey", "-in", folder.Combine("key.pem"), "-pubout"]);
        return new OpenSslKey(folder, algorithm, publicPem);
    }

    /// <summary>A compact JWS over these claims.</summary>
    public async Task<string> SignAsync(string keyId, JsonObject claims)
    {
        var header = new JsonObject { ["alg"] = _algorithm, ["kid"] = keyId };
        var input = $"{Encode(header)}.{Encode(claims)}";
        return $"{input}.{Base64Url.EncodeToString(await SignatureAsync(input))}";
    }

    public void Dispose() => _folder.Dispose();

    private async Task<byte[]> SignatureAsync(string input)
    {
        var (key, text, signature) = (_folder.Combine("key.pem"), _folder.Write("input", input), _folder.Combine("signature"));
        string[] scheme = _algorithm.StartsWith("PS", StringComparison.Ordinal)
            ? ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
            : [];
        await InstalledProgram.RunAsync(Program, _algorithm == "EdDSA"
            ? ["pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", text, "-out", signature]
            : ["dgst", $"-sha{_algorithm[2..]}", "-sign", key, .. scheme, "-out", signature, text]);
        var bytes = await File.ReadAllBytesAsync(signature);
        return _algorithm switch
        {
            "ES256" => FromDer(bytes, 32),
            "ES384" => FromDer(bytes, 48),
            "ES512" => FromDer(bytes, 66),
            _ => bytes,
        };
    }

    // OpenSSL writes the two numbers as ASN.1, JOSE side by side at the order's full length (RFC 7518 section 3.4).
    private static byte[] FromDer(byte[] der, int length)
    {
        var numbers = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var both = new byte[2 * length];
        Write(numbers.ReadInteger(), both.AsSpan(0, length));
        Write(numbers.ReadInteger(), both.AsSpan(length));
        return both;
    }

    private static void Write(BigInteger number, Span<byte> place)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes.CopyTo(place[(place.Length - bytes.Length)..]);
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
