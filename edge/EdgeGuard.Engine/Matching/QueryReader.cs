using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Matching;

/// <summary>Reads the query parameters that a plan asks for into a fact set; shared by all doors.</summary>
/// <remarks>
/// As <c>application/x-www-form-urlencoded</c> is read (WHATWG URL section 5.1): parameters end at <c>&amp;</c>, a plus is a space, names and
/// values are percent-decoded once. Names are exact. A repeated parameter has a value only if it has the same one each time, empty ones included:
/// of two values an upstream may read either, or both, so neither is what was decided on, and it is unverifiable. There is no bound on how many
/// parameters are looked at but the length of a target (8192 bytes): one that is not seen here is seen by the upstream all the same, so padding in
/// front of a parameter would make it missing.
/// </remarks>
public static class QueryReader
{
    /// <summary>Parameters looked for in one pass; a plan with more takes several.</summary>
    private const int Pass = 256;

    /// <summary>Fills the query slots. A parameter with a bad escape, or with two values, is unverifiable.</summary>
    public static void Fill(ReadOnlySpan<byte> query, FactPlan plan, FactSet facts)
    {
        var slots = plan.SlotsOf(DescriptorKind.Query).AsSpan();
        if (query.IsEmpty)
        {
            return;
        }

        Span<bool> seen = stackalloc bool[Pass];
        while (!slots.IsEmpty)
        {
            var some = slots[..Math.Min(slots.Length, Pass)];
            slots = slots[some.Length..];
            seen.Clear();
            FillSome(query, some, seen, facts);
        }
    }

    private static void FillSome(ReadOnlySpan<byte> query, ReadOnlySpan<FactSlot> slots, Span<bool> seen, FactSet facts)
    {
        while (!query.IsEmpty)
        {
            var end = query.IndexOf((byte)'&');
            var parameter = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            var equals = parameter.IndexOf((byte)'=');
            var name = equals < 0 ? parameter : parameter[..equals];
            for (var i = 0; i < slots.Length; i++)
            {
                if (NameEquals(name, slots[i].Name))
                {
                    SetValue(equals < 0 ? default : parameter[(equals + 1)..], slots[i].Slot, isFirst: !seen[i], facts);
                    seen[i] = true;

                    // A plan has each name once, so no other slot can be meant.
                    break;
                }
            }
        }
    }

    private static void SetValue(ReadOnlySpan<byte> value, int slot, bool isFirst, FactSet facts)
    {
        if (value.IndexOfAny((byte)'%', (byte)'+') < 0)
        {
            Set(value, slot, isFirst, facts);
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

        Set(decoded[..length], slot, isFirst, facts);
    }

    // A value that is missing is an empty one here.
    private static void Set(ReadOnlySpan<byte> value, int slot, bool isFirst, FactSet facts)
    {
        if (isFirst)
        {
            facts.Set(slot, value);
        }
        else if (!facts.ValueOf(slot).SequenceEqual(value))
        {
            facts.Doubt(slot);
        }
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
