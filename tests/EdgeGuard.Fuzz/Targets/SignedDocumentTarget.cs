using System.Text;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Fuzz.Running;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Signed documents: whatever is changed in one, it is no longer valid.</summary>
internal sealed class SignedDocumentTarget : IFuzzTarget
{
    public string Name => "signed-document";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Sign(DocumentType.Bundle, "{}"),
        Sign(DocumentType.Bundle, "{\"bundle_version\":1,\"policies\":[]}"),
        Sign(DocumentType.KillSwitches, "{\"kill_switches\":[]}"),
    ];

    public IReadOnlyList<string> Words { get; } = [".", "..", "=", "==", "\n", "+", "/", "-", "_", "e30", "eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzUxMiJ9"];

    public int Run(ReadOnlySpan<byte> input)
    {
        var result = Documents.Verifier.Verify(input, DocumentType.Bundle, Documents.Audience, Documents.Now);
        if (!result.IsValid)
        {
            return result.Problem!.Code.Sum(c => c);
        }

        FuzzFailure.Unless(result.Payload is not null && result.Header is not null, "a valid document has a header and a payload");
        foreach (var seed in Seeds)
        {
            if (input.SequenceEqual(seed))
            {
                return 0;
            }
        }

        throw new FuzzFailure("does not hold: only what was signed is valid, byte for byte");
    }

    private static byte[] Sign(DocumentType type, string payload) => Encoding.ASCII.GetBytes(DocumentSigner.Sign(
        new DocumentHeader(type, Documents.Key.Id, Documents.Audience, "lineage", 1, 2, Documents.Now, Documents.Now.AddDays(1)),
        Encoding.UTF8.GetBytes(payload),
        Documents.Key));
}
