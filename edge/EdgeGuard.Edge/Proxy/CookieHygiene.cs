using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Edge.Proxy;

/// <summary>
/// Takes out of the cookies what was not decided on: of a repeated name the first value counts, and an upstream that reads the last one would
/// otherwise serve another session than the one that was charged. Other cookies stay as they are.
/// </summary>
internal static class CookieHygiene
{
    /// <summary>Cleans the <c>Cookie</c> header in place; nothing changes, and nothing is allocated, when no name is repeated.</summary>
    public static void Clean(IHeaderDictionary headers, FactPlan plan)
    {
        var cookies = headers.Cookie;
        if (cookies.Count == 0)
        {
            return;
        }

        var slots = plan.SlotsOf(DescriptorKind.Cookie);
        var seen = new bool[slots.Length];
        StringBuilder? kept = null;
        var before = 0;
        foreach (var line in cookies)
        {
            var rest = line.AsSpan();
            while (CookieReader.TryTake(ref rest, out var pair, out var name, out _))
            {
                if (IsUnwanted(name, slots.AsSpan(), seen))
                {
                    kept ??= Begin(cookies.ToArray(), before);
                }
                else
                {
                    Append(kept, pair);
                    before++;
                }
            }
        }

        if (kept is { Length: > 0 })
        {
            headers.Cookie = kept.ToString();
        }
        else if (kept is not null)
        {
            headers.Remove("Cookie");
        }
    }

    // What was kept until the first cookie that goes.
    private static StringBuilder Begin(string?[] lines, int pairs)
    {
        var kept = new StringBuilder();
        foreach (var line in lines)
        {
            var rest = line.AsSpan();
            while (pairs > 0 && CookieReader.TryTake(ref rest, out var pair, out _, out _))
            {
                Append(kept, pair);
                pairs--;
            }
        }

        return kept;
    }

    private static void Append(StringBuilder? kept, ReadOnlySpan<char> pair)
    {
        if (kept is not null && !pair.IsEmpty)
        {
            kept.Append(kept.Length == 0 ? string.Empty : "; ").Append(pair);
        }
    }

    private static bool IsUnwanted(ReadOnlySpan<char> name, ReadOnlySpan<FactSlot> slots, bool[] seen)
    {
        for (var i = 0; i < slots.Length; i++)
        {
            if (!IsTwin(name, slots[i].Name))
            {
                continue;
            }

            if (!CookieReader.NameEquals(name, slots[i].Name) || seen[i])
            {
                return true;
            }

            seen[i] = true;
        }

        return false;
    }

    // PHP reads a dot or a blank in a name as an underscore, and a bracket as the begin of an index.
    private static bool IsTwin(ReadOnlySpan<char> name, string read)
    {
        var bracket = name.IndexOf('[');
        name = bracket > 0 ? name[..bracket] : name;
        if (name.Length != read.Length)
        {
            return false;
        }

        for (var i = 0; i < read.Length; i++)
        {
            if (name[i] != read[i] && !(read[i] == '_' && name[i] is '.' or ' '))
            {
                return false;
            }
        }

        return true;
    }
}
