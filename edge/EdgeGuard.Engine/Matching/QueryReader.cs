using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Matching;

/// <summary>Reads the query parameters that a plan asks for into a fact set; shared by all doors.</summary>
/// <remarks>
/// As <c>application/x-www-form-urlencoded</c> is read (WHATWG URL section 5.1): parameters end at <c>&amp;</c>, a plus is a space, names and
/// values are percent-decoded once. Names are exact; the first value of a repeated parameter counts. There is no bound on how many parameters are
/// looked at but the length of a target (8192 bytes): one that is not seen here is seen by the upstream all the same, so padding in front of a
/// parameter would make it missing.
/// </remarks>
public static class QueryReader
{
    /// <summary>Fills the query slots. A parameter with a bad escape is unverifiable.</summary>
    public static void Fill(ReadOnlySpan<byte> query, FactPlan plan, FactSet facts)
    {
        if (!plan.NeedsQuery || query.IsEmpty)
        {
            return;
        }

        while (!query.IsEmpty)
        {
            var end = query.IndexOf((byte)'&');
            var parameter = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            var equals = parameter.IndexOf((byte)'=');
            FillOne(
                equals < 0 ? parameter : parameter[..equals], equals < 0 ? default : parameter[(equals + 1)..], plan, facts);
        }
    }

    private static void FillOne(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, FactPlan plan, FactSet facts)
    {
        var slots = plan.Slots;
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var key = slots[slot];
            if (key.Kind != DescriptorKind.Query || !NameEquals(name, key.Name) || facts.StateOf(slot) != FactState.Missing)
            {
                continue;
            }

            SetValue(value, slot, facts);
        }
    }

    private static void SetValue(ReadOnlySpan<byte> value, int slot, FactSet facts)
    {
        if (value.IndexOfAny((byte)'%', (byte)'+') < 0)
        {
            facts.Set(slot, value);
            return;
        }

        if (value.Length > 3 * FactSet.MaxValueBytes)
        {
            facts.SetUnverifiable(slot);
            return;
        }

        // 12 KiB at most: a value may take three bytes for each that counts.
        Span<byte> decoded = stackalloc byte[value.Length];
        var length = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c == '%')
            {
                if (!PercentCoding.TryDecode(value[i..], out c))
                {
                    facts.SetUnverifiable(slot);
                    return;
                }

                i += 2;
            }
            else if (c == '+')
            {
                c = (byte)' ';
            }

            decoded[length++] = c;
        }

        facts.Set(slot, decoded[..length]);
    }

    // Compares while decoding, without a buffer. A name with a bad escape is nobody's name.
    internal static bool NameEquals(ReadOnlySpan<byte> encoded, string name)
    {
        var position = 0;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in name.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(utf8);
            for (var i = 0; i < length; i++, position++)
            {
                if (position >= encoded.Length)
                {
                    return false;
                }

                var c = encoded[position];
                if (c == '%')
                {
                    if (!PercentCoding.TryDecode(encoded[position..], out c))
                    {
                        return false;
                    }

                    position += 2;
                }
                else if (c == '+')
                {
                    c = (byte)' ';
                }

                if (c != utf8[i])
                {
                    return false;
                }
            }
        }

        return position == encoded.Length;
    }
}
