using System.Numerics;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Facts;

/// <summary>Reads the cookies that a plan asks for into a fact set; shared by all doors.</summary>
/// <remarks>
/// As RFC 6265 section 4.2.1 writes the header: pairs end at <c>;</c>, blanks around name and value do not count, names are exact, nothing is
/// decoded. The first occurrence of a name counts, even if it is empty and so missing. One pair of quotes around a value is taken off, because
/// servers differ in whether they keep it and one value must not have two budgets. There is no bound on how many pairs are looked at but
/// the length of the header: one that is not seen here is seen by the upstream all the same.
/// </remarks>
public static class CookieReader
{
    /// <summary>Cookies looked for in one pass; a plan with more takes several.</summary>
    private const int Pass = 256;

    /// <summary>Fills the cookie slots from one <c>Cookie</c> header.</summary>
    public static void Fill(ReadOnlySpan<byte> header, FactPlan plan, FactSet facts) => Fill(header, plan, facts, new Utf8Setter());

    /// <summary>As <see cref="Fill(ReadOnlySpan{byte}, FactPlan, FactSet)"/>, from text.</summary>
    public static void Fill(ReadOnlySpan<char> header, FactPlan plan, FactSet facts) => Fill(header, plan, facts, new TextSetter());

    /// <summary>Cuts the first pair off a header; false at its end. Also used to clean what is forwarded.</summary>
    public static bool TryTake<T>(ref ReadOnlySpan<T> header, out ReadOnlySpan<T> pair, out ReadOnlySpan<T> name, out ReadOnlySpan<T> value)
        where T : unmanaged, IBinaryInteger<T>
    {
        pair = name = value = default;
        if (header.IsEmpty)
        {
            return false;
        }

        var end = header.IndexOf(T.CreateTruncating(';'));
        pair = Trim(end < 0 ? header : header[..end]);
        header = end < 0 ? default : header[(end + 1)..];
        var equals = pair.IndexOf(T.CreateTruncating('='));
        if (equals >= 0)
        {
            name = Trim(pair[..equals]);
            value = Trim(pair[(equals + 1)..]);
        }

        return true;
    }

    /// <summary>Whether a name as received is exactly this one.</summary>
    public static bool NameEquals<T>(ReadOnlySpan<T> received, string name)
        where T : unmanaged, IBinaryInteger<T>
    {
        ArgumentNullException.ThrowIfNull(name);
        if (received.Length != name.Length)
        {
            return false;
        }

        for (var i = 0; i < name.Length; i++)
        {
            if (uint.CreateTruncating(received[i]) != name[i])
            {
                return false;
            }
        }

        return true;
    }

    private static void Fill<T, TSetter>(ReadOnlySpan<T> header, FactPlan plan, FactSet facts, TSetter setter)
        where T : unmanaged, IBinaryInteger<T>
        where TSetter : struct, ISetter<T>
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(facts);
        var slots = plan.SlotsOf(DescriptorKind.Cookie).AsSpan();
        Span<bool> seen = stackalloc bool[Pass];
        while (!slots.IsEmpty)
        {
            var some = slots[..Math.Min(slots.Length, Pass)];
            slots = slots[some.Length..];
            seen.Clear();
            FillSome(header, some, seen, facts, setter);
        }
    }

    private static void FillSome<T, TSetter>(
        ReadOnlySpan<T> header, ReadOnlySpan<FactSlot> slots, Span<bool> seen, FactSet facts, TSetter setter)
        where T : unmanaged, IBinaryInteger<T>
        where TSetter : struct, ISetter<T>
    {
        var left = slots.Length;
        while (left > 0 && TryTake(ref header, out _, out var name, out var value))
        {
            for (var i = 0; i < slots.Length; i++)
            {
                // A plan has each name once, so no other slot can be meant.
                if (!name.IsEmpty && NameEquals(name, slots[i].Name))
                {
                    if (!seen[i])
                    {
                        seen[i] = true;
                        left--;
                        setter.Set(facts, slots[i].Slot, Unquoted(value));
                    }

                    break;
                }
            }
        }
    }

    private static ReadOnlySpan<T> Unquoted<T>(ReadOnlySpan<T> value)
        where T : unmanaged, IBinaryInteger<T>
    {
        var quote = T.CreateTruncating('"');
        return value.Length >= 2 && value[0] == quote && value[^1] == quote ? value[1..^1] : value;
    }

    private static ReadOnlySpan<T> Trim<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        var start = 0;
        while (start < text.Length && IsBlank(text[start]))
        {
            start++;
        }

        var end = text.Length;
        while (end > start && IsBlank(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    private static bool IsBlank<T>(T c)
        where T : unmanaged, IBinaryInteger<T> => c == T.CreateTruncating(' ') || c == T.CreateTruncating('\t');

    private interface ISetter<T>
    {
        void Set(FactSet facts, int slot, ReadOnlySpan<T> value);
    }

    private readonly struct Utf8Setter : ISetter<byte>
    {
        public void Set(FactSet facts, int slot, ReadOnlySpan<byte> value) => facts.Set(slot, value);
    }

    private readonly struct TextSetter : ISetter<char>
    {
        public void Set(FactSet facts, int slot, ReadOnlySpan<char> value) => facts.Set(slot, value);
    }
}
