using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Agents;
using EdgeGuard.Identity.Crypto;
using EdgeGuard.Identity.Keys;
using EdgeGuard.Testing;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Agents of every scheme and algorithm, and one request or more that each has signed; the same in every run.</summary>
internal static class SignedRequests
{
    /// <summary>When all of them were signed, and when they are looked at.</summary>
    public const long Now = 1767225600;

    private const string Secret = "a secret of more than sixteen bytes";

    private const string EcKey =
        """{"kty":"EC","crv":"P-256","x":"J0BV97ShRfV8OxxkEMr3dylbJS0aMEeIm9-JhjwV3rU","y":"1dWlCjJxq1xVA82qGG4FEm-ovzdSR3iQ8QgktUZon2s"}""";

    // Made once by Node.js, because no two signatures of ECDSA are the same; its private key was thrown away.
    private const string EcSignature = "DGIdZF6ArHQWKvDDjsbkVrozgVneN8IxFANpiBAgwhrR9mrgeswDI2pzfRFPdyJFjwpi9xipDEmYqzaTx4CXhQ==";

    private const string Address = "\"https://bot.example\"";

    private static readonly byte[] Seed = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    // Another key: a thumbprint that a registered agent has, too, would name that one.
    private static readonly byte[] BotSeed = [.. Enumerable.Range(2, 32).Select(number => (byte)number)];

    private static readonly string EdKey = KeyOf(Seed);

    private static readonly string BotKey = KeyOf(BotSeed);

    private static readonly string Digest = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes("{\"id\":7}")))}:";

    private static readonly string BotParameters =
        $";created={Now};expires={Now + 60};keyid=\"{KeyThumbprint.Of(Bundles.Keys.PublicKeyReader.Read(BotKey).Key!)}\";tag=\"web-bot-auth\"";

    /// <summary>The body that is signed where one is.</summary>
    public static byte[] Body { get; } = "{\"id\":7}"u8.ToArray();

    public static ImmutableArray<SignedRequest> All { get; } =
    [
        SignedRequest.Of("ed", $";created={Now};keyid=\"ed\"", Ed, []),
        SignedRequest.Of("ed", $";created={Now};expires={Now + 60};nonce=\"n-1\";alg=\"ed25519\";keyid=\"ed\"", Ed, [("content-digest", Digest), ("x-a", "1, 2")]),
        SignedRequest.Of("ec", $";created={Now};keyid=\"ec\";alg=\"ecdsa-p256-sha256\"", static _ => Convert.FromBase64String(EcSignature), []),
        SignedRequest.Of("mac", $";created={Now};keyid=\"mac\"", Mac, [("content-digest", Digest)]),
        SignedRequest.Of("bot", BotParameters, Bot, [("signature-agent", Address)]),
        SignedRequest.Of("bot", BotParameters, Bot, [("signature-agent", "a=" + Address)], isAgentMember: true),
        Jws(),
        HmacHeader(),
    ];

    /// <summary>The agents; the bot's keys come from a directory that is there.</summary>
    public static AgentSet Agents() => AgentSet.Of(
        [
            new() { Id = "ed", Scheme = AgentScheme.HttpMessageSignature, Algorithm = "ed25519", PublicKey = EdKey },
            new() { Id = "ec", Scheme = AgentScheme.HttpMessageSignature, Algorithm = "ecdsa-p256-sha256", PublicKey = EcKey },
            new() { Id = "mac", Scheme = AgentScheme.HttpMessageSignature, Algorithm = "hmac-sha256", Secret = Secret },
            new() { Id = "bot", Scheme = AgentScheme.HttpMessageSignature, Algorithm = "ed25519", KeyDirectory = "https://bot.example/" },
            new() { Id = "jws", Scheme = AgentScheme.DetachedJws, Algorithm = "ed25519", PublicKey = EdKey },
            new() { Id = "head", Scheme = AgentScheme.Hmac, Algorithm = "hmac-sha256", Secret = Secret },
        ],
        definition => new AgentDirectory(
            definition.KeyDirectory!,
            new KeySetRefresher(
                new FixedKeys(Encoding.ASCII.GetBytes($"{{\"keys\":[{BotKey}]}}")),
                TimeSpan.MaxValue,
                new TestTimeProvider(DateTimeOffset.FromUnixTimeSeconds(Now)),
                static () => { })));

    private static byte[] Ed(byte[] data) => Ed25519.Sign(Seed, data);

    private static byte[] Bot(byte[] data) => Ed25519.Sign(BotSeed, data);

    private static string KeyOf(byte[] seed) => $$"""{"kty":"OKP","crv":"Ed25519","x":"{{Base64Url.EncodeToString(TestEd25519.PublicKey(seed))}}"}""";

    private static byte[] Mac(byte[] data) => HMACSHA256.HashData(Encoding.ASCII.GetBytes(Secret), data);

    private static SignedRequest Jws()
    {
        var header = Base64Url.EncodeToString(Encoding.ASCII.GetBytes(
            $$"""{"alg":"EdDSA","kid":"jws","iat":{{Now}},"jti":"j-1","htm":"POST","htu":"https://{{HeaderRequest.Host}}{{HeaderRequest.Path}}?{{HeaderRequest.Query}}"}"""));
        var signature = Base64Url.EncodeToString(Ed(Encoding.ASCII.GetBytes($"{header}.{Base64Url.EncodeToString(Body)}")));
        var value = $"{header}..{signature}";
        return new SignedRequest("jws", $"{DetachedJwsScheme.Field}: {value}", [value], [(DetachedJwsScheme.Field, value)], coversBody: true);
    }

    private static SignedRequest HmacHeader()
    {
        var digest = SHA256.HashData(Body);
        var mac = $":{Convert.ToBase64String(Mac(Encoding.ASCII.GetBytes(
            $"edgeguard-hmac-v1\nhead\n{Now}\nnonce-0001\nPOST\n{HeaderRequest.Host}\n{HeaderRequest.Path}?{HeaderRequest.Query}\n{Convert.ToHexStringLower(digest)}")))}:";
        var line = $"{HmacHeaderScheme.Field}: keyid=\"head\", created={Now}, nonce=\"nonce-0001\", digest=:{Convert.ToBase64String(digest)}:, mac={mac}";
        return new SignedRequest("head", line, [mac, "nonce-0001"], [], coversBody: true);
    }
}
