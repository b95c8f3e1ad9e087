using System.Text;
using EdgeGuard.Fuzz.Running;
using EdgeGuard.Identity.Keys;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Key sets of issuers: whatever is changed in one, no other key comes to fit a signature, and nothing private is told.</summary>
internal sealed class JwkSetTarget : IFuzzTarget
{
    private const string Private = "cHJpdmF0ZS1wYXJ0LW9mLXRoaXMta2V5";

    private static readonly string[] Fingerprints = [.. JwkSetReader.Read(SignedTokens.KeySet, "main").Keys!.Keys.Select(key => key.Fingerprint)];

    public string Name => "jwk-set";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        SignedTokens.KeySet,
        .. SignedTokens.All.Select(token => Encoding.UTF8.GetBytes($"{{\"keys\":[{token.Jwk}]}}")),
        Encoding.UTF8.GetBytes($"{{\"keys\":[{SignedTokens.All[^1].Jwk},{{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"{Private}\"}},{{\"kty\":\"oct\",\"k\":\"{Private}\"}}]}}"),
    ];

    public IReadOnlyList<string> Words { get; } =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\"keys\":[", "\"keys\":", "\"kty\":\"RSA\",", "\"kty\":\"EC\",", "\"kty\":\"OKP\",", "\"kty\":\"oct\",", "\"crv\":\"P-384\",", "\"crv\":\"P-521\",",
        "\"crv\":\"X25519\",", "\"use\":\"enc\",", "\"key_ops\":[\"verify\"],", "\"alg\":\"RS512\",", "\"kid\":\"RS256\",", "\"d\":\"AA\",", "\"e\":\"AQ\",", "\"e\":\"Aw\",", "\"x\":\"AA\",", "\\u006b", "\\ud800", "null",
        "AAAA", "____",
    ];

    public int Run(ReadOnlySpan<byte> input)
    {
        var bytes = input.ToArray();
        var read = JwkSetReader.Read(bytes, "main");
        foreach (var problem in read.Problems)
        {
            FuzzFailure.Unless(!problem.ToString().Contains(Private, StringComparison.Ordinal), "no message holds a private key");
        }

        var outcome = read.Problems.Take(4).Sum(problem => problem.Message.Length) * 64;
        if (read.Keys is null)
        {
            FuzzFailure.Unless(!read.Problems.IsEmpty, "a set that is refused says why");
            return outcome;
        }

        FuzzFailure.Unless(read.Keys.Count > 0, "a set that is used has a key");
        FuzzFailure.Unless(read.Keys.HasSameKeys(JwkSetReader.Read(bytes, "main").Keys!), "the same text gives the same keys");
        foreach (var key in read.Keys.Keys.Take(8))
        {
            Check(key);
            outcome += 1 + (int)key.Kind;
        }

        return outcome;
    }

    private static void Check(VerificationKey key)
    {
        FuzzFailure.Unless(!key.Algorithms.IsEmpty, "a usable key has an algorithm");
        for (var i = 0; i < Fingerprints.Length; i++)
        {
            var token = SignedTokens.All[i];
            var fits = key.Verifies(token.Algorithm, Encoding.ASCII.GetBytes(token.SigningInput), token.Signature);
            var isIts = key.Fingerprint == Fingerprints[i] && key.Algorithms.Contains(token.Algorithm);
            FuzzFailure.Unless(fits == isIts, "a signature fits the key that made it, under its algorithm, and no other");
        }
    }
}
