using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Fuzz.Running;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Cookie headers: as text and as bytes they are read alike.</summary>
internal sealed class CookieTarget : IFuzzTarget
{
    private static readonly FactPlan Plan = new([new DescriptorKey(DescriptorKind.Cookie, "session"), new DescriptorKey(DescriptorKind.Cookie, "a")]);
    private readonly FactSet _bytes = new();
    private readonly FactSet _text = new();

    public string Name => "cookie";

    public IReadOnlyList<byte[]> Seeds { get; } = ["session=abc; a=1"u8.ToArray(), "a=\"x y\";session=; session=2;b"u8.ToArray()];

    public IReadOnlyList<string> Words { get; } = [";", "=", "; ", "session", "session=", "a=", "\"", "\t", " ", ",", "\r\n", "%3D"];

    public int Run(ReadOnlySpan<byte> input)
    {
        _bytes.Begin(Plan);
        CookieReader.Fill(input, Plan, _bytes);
        _text.Begin(Plan);

        // Headers are ASCII or, what the server does not take as text, one character a byte; only of the former the bytes are the same.
        CookieReader.Fill(Encoding.Latin1.GetString(input), Plan, _text);
        var outcome = 0;
        for (var slot = 0; slot < Plan.Slots.Length; slot++)
        {
            FuzzFailure.Unless(
                _bytes.StateOf(slot) == _text.StateOf(slot) || _bytes.ValueOf(slot).Length > FactSet.MaxValueBytes / 2, "text and bytes give the same state");
            FuzzFailure.Unless(
                !Ascii.IsValid(input) || _bytes.ValueOf(slot).SequenceEqual(_text.ValueOf(slot)), "text and bytes give the same value");
            outcome = (outcome * 32) + ((int)_bytes.StateOf(slot) * 8) + Math.Min(7, _bytes.ValueOf(slot).Length);
        }

        return outcome;
    }
}
