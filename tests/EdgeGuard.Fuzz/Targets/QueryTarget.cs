using System.Globalization;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;
using EdgeGuard.Fuzz.Running;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Queries: what is forwarded names each parameter that was decided on at most once, and with the value that was decided on.</summary>
internal sealed class QueryTarget : IFuzzTarget
{
    private static readonly FactPlan Plan = new(
        [new DescriptorKey(DescriptorKind.Query, "key"), new DescriptorKey(DescriptorKind.Query, "a b"), new DescriptorKey(DescriptorKind.Query, "\u20AC")]);

    private readonly FactSet _facts = new();
    private readonly FactSet _again = new();

    public string Name => "query";

    public IReadOnlyList<byte[]> Seeds { get; } =
        [.. "key=1&other=2 key=a&key=b&a+b=%20 %e2%82%ac=1&a%20b=c+d&KEY=x k%65y=&&=&key".Split(' ').Select(Encoding.UTF8.GetBytes)];

    public IReadOnlyList<string> Words { get; } = ["&", "=", ";", "key", "key=", "&key=", "%6Bey", "a+b", "a%20b", "%E2%82%AC", "%", "%4", "+", "key[]=", "\0"];

    public int Run(ReadOnlySpan<byte> input)
    {
        _facts.Begin(Plan);
        QueryReader.Fill(input, Plan, _facts);
        var kept = new byte[input.Length];
        var length = RepeatedParameters.Remove(input, Plan, kept);
        _again.Begin(Plan);
        QueryReader.Fill(kept.AsSpan(0, length), Plan, _again);
        var outcome = 0;
        for (var slot = 0; slot < Plan.Slots.Length; slot++)
        {
            var state = _facts.StateOf(slot);
            FuzzFailure.Unless(state == Expected(input, Plan.Slots[slot].Name), "a parameter has a value if it has no other");
            FuzzFailure.Unless(
                state == FactState.Unverifiable || (state == _again.StateOf(slot) && _facts.ValueOf(slot).SequenceEqual(_again.ValueOf(slot))),
                "what is forwarded is what was decided on");
            FuzzFailure.Unless(Occurrences(kept.AsSpan(0, length), Plan.Slots[slot].Name) <= 1, "no parameter that was decided on is forwarded twice");
            outcome = (outcome * 4) + (int)state;
        }

        return (outcome * 2) + (length == input.Length ? 1 : 0);
    }

    // The same rule, told with lists.
    private static FactState Expected(ReadOnlySpan<byte> query, string name)
    {
        var values = new List<byte[]?>();
        foreach (var range in query.Split((byte)'&'))
        {
            var parameter = query[range];
            var equals = parameter.IndexOf((byte)'=');
            if (Decode(equals < 0 ? parameter : parameter[..equals]) is { } decoded && decoded.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(name)))
            {
                values.Add(Decode(equals < 0 ? default : parameter[(equals + 1)..]));
            }
        }

        return values.Count == 0 ? FactState.Missing
            : values.Any(value => value is null || value.Length > FactSet.MaxValueBytes || !value.AsSpan().SequenceEqual(values[0])) ? FactState.Unverifiable
            : values[0]!.Length == 0 ? FactState.Missing : FactState.Present;
    }

    // Null with a bad escape.
    private static byte[]? Decode(ReadOnlySpan<byte> encoded)
    {
        var decoded = new List<byte>();
        for (var i = 0; i < encoded.Length; i++)
        {
            var c = encoded[i];
            if (c == '%')
            {
                if (i + 2 >= encoded.Length || !char.IsAsciiHexDigit((char)encoded[i + 1]) || !char.IsAsciiHexDigit((char)encoded[i + 2]))
                {
                    return null;
                }

                c = byte.Parse(encoded.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                i += 2;
            }

            decoded.Add(c == '+' && encoded[i] == '+' ? (byte)' ' : c);
        }

        return [.. decoded];
    }

    private static int Occurrences(ReadOnlySpan<byte> query, string name)
    {
        var count = 0;
        foreach (var range in query.Split((byte)'&'))
        {
            var parameter = query[range];
            var equals = parameter.IndexOf((byte)'=');
            count += QueryReader.NameEquals(equals < 0 ? parameter : parameter[..equals], name) ? 1 : 0;
        }

        return count;
    }
}
