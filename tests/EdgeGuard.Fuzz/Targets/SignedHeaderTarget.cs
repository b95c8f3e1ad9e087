using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Fuzz.Running;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Headers of documents that are signed all the same, as one who holds the key could: read, and judged without an exception.</summary>
internal sealed class SignedHeaderTarget : IFuzzTarget
{
    private const string Header =
        """{"alg":"HS256","typ":"edgeguard-bundle+jws","kid":"key-1","aud":"edge-1","iss":"lineage","epoch":1,"seq":2,"iat":1767225600,"exp":1767312000}""";

    public string Name => "signed-header";

    public IReadOnlyList<byte[]> Seeds { get; } = [Encoding.UTF8.GetBytes(Header)];

    public IReadOnlyList<string> Words { get; } =
        ["\"alg\":\"none\",", "\"crit\":[],", "\"jku\":\"a\",", "253402300799", "253402300800", "\"exp\":0", "\\u0061", "{", "}", "[", "]", "null", "1.0", "1e3", "-0"];

    public int Run(ReadOnlySpan<byte> input)
    {
        var signed = $"{Base64Url.EncodeToString(input)}.e30";
        var code = Base64Url.EncodeToString(HMACSHA256.HashData(Documents.Key.Bytes, Encoding.ASCII.GetBytes(signed)));
        var result = Documents.Verifier.Verify(
            Encoding.ASCII.GetBytes($"{signed}.{code}"), DocumentType.Bundle, Documents.Audience, Documents.Now);
        if (result.IsValid)
        {
            FuzzFailure.Unless(result.Header is { Type: DocumentType.Bundle, Audience: Documents.Audience, KeyId: "key-1", Sequence: > 0 }, "a valid header says what was asked for");
            return 0;
        }

        return result.Problem!.Code.Sum(c => c) + (result.Problem.Message.Length << 12);
    }
}
