using System.Collections.Frozen;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Fuzz.Running;
using EdgeGuard.Identity;
using EdgeGuard.Testing;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>
/// The value of an Authorization header; and the same bytes as the header and as the payload of a token, which base64url alone would keep from
/// changing much. Only what was signed is ever verified.
/// </summary>
internal sealed class TokenTarget : IFuzzTarget
{
    private static readonly FrozenSet<string> Signed = SignedTokens.All.Select(token => token.Text).ToFrozenSet(StringComparer.Ordinal);

    // Ed25519: its signatures are the cheapest to check.
    private static readonly SignedToken Carrier = SignedTokens.All[^1];

    // Late, because other targets run without it.
    private readonly Lazy<TokenVerifier> _verifier = new(Start);

    public string Name => "token";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. SignedTokens.All.Select(token => Encoding.ASCII.GetBytes("Bearer " + token.Text)),
        .. SignedTokens.All.Select(token => Encoding.ASCII.GetBytes(token.Header)),
        Encoding.ASCII.GetBytes("DPoP " + Carrier.Text),
        Encoding.ASCII.GetBytes(SignedToken.Payload),
    ];

    public IReadOnlyList<string> Words { get; } =
    [
        ".", "..", " ", "\t", ",", "=", "Bearer ", "bearer  ", "DPoP ", "eyJhbGciOiJub25lIn0", "\"alg\":\"none\",", "\"alg\":\"HS256\",", "\"crit\":[\"x\"],", "\"b64\":false,", "\"jwk\":{},",
        "\"kid\":\"RS256\",", "\"sub\":\"root\",", "\"exp\":9999999999,", "\"nbf\":0,", "\"cnf\":{\"jkt\":\"x\"},", "\"act\":{\"sub\":", "{", "}", "[", "]", "\"", "\\u0061", "\\ud800", "null", "true",
    ];

    public int Run(ReadOnlySpan<byte> input)
    {
        // Header values reach the verifier as one character a byte.
        var text = Encoding.Latin1.GetString(input);
        var outcome = Verify(text, Signed.Contains(text[(text.TrimEnd(' ', '\t').LastIndexOf(' ') + 1)..].TrimEnd(' ', '\t')));
        outcome += 64 * Verify("Bearer " + Carrier.WithHeader(input), input.SequenceEqual(Encoding.ASCII.GetBytes(Carrier.Header)));
        return outcome + (4096 * Verify("Bearer " + Carrier.WithPayload(input), input.SequenceEqual(Encoding.ASCII.GetBytes(SignedToken.Payload))));
    }

    private int Verify(string authorization, bool isSigned)
    {
        var result = _verifier.Value.VerifyAsync(authorization, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        switch (result.Outcome)
        {
            case CredentialOutcome.Verified:
                FuzzFailure.Unless(isSigned, "only what was signed is verified, byte for byte");
                FuzzFailure.Unless(result.Values["sub"] == SignedTokens.Subject, "a verified token says what was signed");
                return 0;
            case CredentialOutcome.Invalid:
                FuzzFailure.Unless(
                    result.Scopes.Count == 0 && result.SourceId.Length == 0 && result.Subject is null, "a refused token gives its sender nothing");
                var reason = TokenFailures.All.IndexOf(result.Failure);
                FuzzFailure.Unless(reason >= 0, "a refusal has one of the known words");
                return 2 + reason;
            case CredentialOutcome.None:
                return 1;
            default:
                throw new FuzzFailure($"does not hold: keys of the bundle itself are there ({result.Outcome})");
        }
    }

    private static TokenVerifier Start()
    {
        // Without the limit of failures: with it nearly nothing would be checked.
        var options = new IdentityOptions { FailureBurst = 0, CacheEntries = 64 };
        var verifier = new TokenVerifier(options, new SocketsHttpHandler(), new TestTimeProvider(SignedTokens.Now));
        verifier.UseIssuers(
        [
            new IssuerDefinition
            {
                Id = "main",
                Issuer = SignedTokens.Issuer,
                Audiences = [SignedTokens.Audience],
                Algorithms = [.. SignedTokens.All.Select(token => token.Algorithm)],
                Keys = [.. SignedTokens.All.Select(token => new InlineKeyDefinition(token.Algorithm, token.Jwk))],
            },
        ]);
        return verifier;
    }
}
