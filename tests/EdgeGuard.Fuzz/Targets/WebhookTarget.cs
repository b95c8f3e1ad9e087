using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Fuzz.Running;
using EdgeGuard.Identity.Webhooks;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Signature headers of webhooks, as every scheme reads them: 32 bytes each or none, and never more than a few.</summary>
internal sealed class WebhookTarget : IFuzzTarget
{
    private const string Hex = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    private const string Base64 = "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private static readonly WebhookScheme[] Schemes = Enum.GetValues<WebhookScheme>();

    public string Name => "webhook-signature";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        Encoding.ASCII.GetBytes("sha256=" + Hex),
        Encoding.ASCII.GetBytes("v0=" + Hex),
        Encoding.ASCII.GetBytes($"t=1767225600,v1={Hex},v1={Hex},v0={Hex}"),
        Encoding.ASCII.GetBytes($"v1,{Base64} v1,{Base64} v1a,{Base64}"),
        Encoding.ASCII.GetBytes("s=" + Base64),
    ];

    public IReadOnlyList<string> Words { get; } = ["sha256=", "v0=", "v1=", "v1,", "t=", ",", " ", "=", "==", Hex, Base64];

    public int Run(ReadOnlySpan<byte> input)
    {
        var header = Encoding.Latin1.GetString(input);
        var outcome = 0;
        foreach (var scheme in Schemes)
        {
            foreach (var isHex in (ReadOnlySpan<bool>)[true, false])
            {
                var read = SignatureReader.Read(scheme, header, "s=", isHex);
                FuzzFailure.Unless(read.Candidates.Count <= SignatureReader.MaxCandidates, "there are few candidates");
                FuzzFailure.Unless(read.Candidates.TrueForAll(candidate => candidate.Length == 32), "a candidate has the length of a signature");
                FuzzFailure.Unless((read.Outcome == WebhookOutcome.Verified) == (read.Candidates.Count > 0), "what can be read has candidates, and nothing else has");
                outcome = (outcome * 5) + (int)read.Outcome + read.Candidates.Count;
            }
        }

        return outcome % 2048;
    }
}
