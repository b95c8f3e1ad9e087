using System.Text;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>
/// Headers that tell the upstream who the verified caller is. Values are printable ASCII; every other byte of the UTF-8 text, and the percent sign, is
/// percent-encoded, so that a claim can neither end the header nor read as another value.
/// </summary>
internal static class IdentityHeaders
{
    /// <summary>The headers of the policy that a decision names first; values that are not verified are left out.</summary>
    public static KeyValuePair<string, string>[] Of(PolicySnapshot snapshot, in Decision decision, FactSet facts)
    {
        if (decision.MatchedPolicy == Decision.None || snapshot.ForwardHeaders(decision.MatchedPolicy) is not { IsEmpty: false } headers)
        {
            return [];
        }

        var told = new List<KeyValuePair<string, string>>(headers.Length);
        foreach (var header in headers)
        {
            if (facts.StateOf(header.Slot) == FactState.Present)
            {
                told.Add(new KeyValuePair<string, string>(header.Name, Text(facts.ValueOf(header.Slot))));
            }
        }

        return [.. told];
    }

    private static string Text(ReadOnlySpan<byte> value)
    {
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            // A blank at either end would be trimmed by whoever reads the header.
            var isPlain = value[i] is > 0x20 and < 0x7F and not (byte)'%' || (value[i] == 0x20 && i > 0 && i < value.Length - 1);
            if (isPlain)
            {
                text.Append((char)value[i]);
            }
            else
            {
                text.Append('%').Append(value[i].ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }
}
