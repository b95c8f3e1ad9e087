using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Fuzz.Running;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Binding;
using EdgeGuard.Identity.Crypto;
using EdgeGuard.Identity.Keys;
using EdgeGuard.Testing;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>
/// DPoP proofs (RFC 9449) four times from the same bytes: as the header's lines; as the proof's header and as its payload under a signature over
/// something else; and as a payload that the holder of the key has signed, whose claims must then hold, whatever else it says.
/// </summary>
internal sealed class DpopProofTarget : IFuzzTarget
{
    private const string Token = "eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl";
    private const string Address = "https://api.example/v1/items";

    private static readonly byte[] Seed = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];
    private static readonly byte[] Public = TestEd25519.PublicKey(Seed);
    private static readonly string Key = $$"""{"kty":"OKP","crv":"Ed25519","x":"{{Base64Url.EncodeToString(Public)}}"}""";
    private static readonly string Thumbprint = KeyThumbprint.Of(Bundles.Keys.PublicKeyReader.Read(Key).Key!);
    private static readonly string TokenHash = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Token)));
    private static readonly byte[] Header = Encoding.ASCII.GetBytes($$"""{"typ":"dpop+jwt","alg":"EdDSA","jwk":{{Key}}}""");
    private static readonly byte[] Payload = Encoding.ASCII.GetBytes(
        $$"""{"jti":"id-1","htm":"POST","htu":"{{Address}}","iat":{{SignedRequests.Now}},"ath":"{{TokenHash}}"}""");

    private static readonly string Proof = Sign(Header, Payload);
    private static readonly BindingDefinition Binding = new() { Kinds = BindingKinds.Dpop };

    public string Name => "dpop-proof";

    public IReadOnlyList<byte[]> Seeds { get; } = [Encoding.ASCII.GetBytes(Proof), Header, Payload];

    public IReadOnlyList<string> Words { get; } =
    [
        ".", "\n", ",", "=", "{", "}", "[", "]", "\"", "\\u0061", "\\ud800", "null", "true", "\"alg\":\"none\",", "\"alg\":\"ES256\",", "\"typ\":\"JWT\",", "\"crit\":[],", "\"b64\":false,", "\"d\":\"AA\",",
        "\"jti\":\"\",", "\"jti\":1,", "\"htm\":\"post\",", "\"htu\":\"https://api.example\",", "\"iat\":0,", "\"iat\":1e9,", "\"iat\":1767225600.5,", "\"iat\":-1,", "\"ath\":null,", "\"nonce\":\"x\",", "HTTPS://", "//",
        ":443", ":0443", ":444", "?x=1", "#f", "%69", "%2F", "%2e%2E", "%", "API.EXAMPLE", "user@", "/../",
    ];

    public int Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.Latin1.GetString(input);
        var bytes = input.ToArray();
        var outcome = Judge(text, lines => lines is [var only] && only == Proof);
        if (bytes.Length > DpopProof.MaxLength)
        {
            // To sign it is work for nothing: it is refused for its length.
            return outcome;
        }

        outcome = (outcome * 8) + Judge(Join(bytes, Payload) + Proof[Proof.LastIndexOf('.')..], _ => bytes.AsSpan().SequenceEqual(Header));
        outcome = (outcome * 8) + Judge(Sign(bytes, Payload), _ => IsHeader(bytes));
        return (outcome * 8) + Judge(Sign(Header, bytes), _ => IsPayload(bytes));
    }

    private static int Judge(string header, Func<string[], bool> mayPass)
    {
        var lines = header.Split('\n').Select(line => line.Trim(' ', '\t', '\r')).ToArray();
        var request = new HeaderRequest([.. lines.Select(line => KeyValuePair.Create(DpopCheck.Field, line))], "POST", []);
        var time = new TestTimeProvider(DateTimeOffset.FromUnixTimeSeconds(SignedRequests.Now));
        var check = new DpopCheck(time, new DpopNonces(time));
        var failure = check.Check(request, Token, Thumbprint, Binding);
        if (failure is not null)
        {
            FuzzFailure.Unless(failure == TokenFailures.BindingInvalid, "a proof that is there is right or wrong, not missing");
            return DepthOf(lines);
        }

        FuzzFailure.Unless(mayPass(lines), "only a proof of the holder, for this request and token, is verified");
        FuzzFailure.Unless(check.Check(request, Token, Thumbprint, Binding) == TokenFailures.BindingInvalid, "a proof passes once");
        FuzzFailure.Unless(new DpopCheck(time, new DpopNonces(time)).Check(request, Token + "A", Thumbprint, Binding) is not null, "a proof is for one token");
        FuzzFailure.Unless(new DpopCheck(time, new DpopNonces(time)).Check(request, Token, TokenHash, Binding) is not null, "a proof is of one key");
        var strict = Binding with { DpopNonce = true };
        FuzzFailure.Unless(new DpopCheck(time, new DpopNonces(time)).Check(request, Token, Thumbprint, strict) == TokenFailures.DpopNonce, "nobody guesses a nonce");
        return 7;
    }

    // How much of it is right: what comes further is worth changing more.
    private static int DepthOf(string[] lines) => lines is not [var only] ? 1
        : DpopProof.Read(only) is not { } proof ? 0
        : proof.Method != "POST" ? 2
        : proof.Address != Address ? 3
        : proof.TokenHash != TokenHash ? 4
        : proof.IssuedAt != SignedRequests.Now ? 5
        : 6;

    // Judged by what the framework reads, not by the reader under test.
    private static bool IsHeader(byte[] json)
    {
        using var read = JsonDocument.Parse(json);
        var root = read.RootElement;
        return root.GetProperty("typ").GetString() == "dpop+jwt"
            && root.GetProperty("alg").GetString() == "EdDSA"
            && root.GetProperty("jwk").GetProperty("crv").GetString() == "Ed25519"
            && Base64Url.DecodeFromChars(root.GetProperty("jwk").GetProperty("x").GetString()).AsSpan().SequenceEqual(Public)
            && !root.TryGetProperty("crit", out _)
            && !root.GetProperty("jwk").TryGetProperty("d", out _);
    }

    private static bool IsPayload(byte[] json)
    {
        using var read = JsonDocument.Parse(json);
        var root = read.RootElement;
        return root.GetProperty("htm").GetString() == "POST"
            && Uri.TryCreate(root.GetProperty("htu").GetString(), UriKind.Absolute, out var address)
            && address is { Scheme: "https", Port: 443, UserInfo.Length: 0, Host: HeaderRequest.Host }
            && root.GetProperty("ath").GetString() == TokenHash
            && root.GetProperty("jti").GetString() is { Length: > 0 and <= 256 }
            && Math.Abs(root.GetProperty("iat").GetDouble() - SignedRequests.Now) <= 91;
    }

    private static string Join(byte[] header, byte[] payload) => $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";

    private static string Sign(byte[] header, byte[] payload)
    {
        var signed = Join(header, payload);
        return $"{signed}.{Base64Url.EncodeToString(Ed25519.Sign(Seed, Encoding.ASCII.GetBytes(signed)))}";
    }
}
