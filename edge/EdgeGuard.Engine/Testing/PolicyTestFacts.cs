using System.Collections.Immutable;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Addresses;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Testing;

/// <summary>
/// Facts of a policy test's request but for those of its target: by the same readers as at the doors. What comes from data files and trusted proxies
/// is given in the test.
/// </summary>
internal static class PolicyTestFacts
{
    private const string DefaultAddress = "192.0.2.1";

    /// <summary>Fills the facts; those of the request line and the query are the caller's.</summary>
    public static void Fill(PolicyTestRequest request, FactPlan plan, FactSet facts)
    {
        foreach (var slot in plan.SlotsOf(DescriptorKind.Header))
        {
            facts.Set(slot.Slot, First(request.Headers, slot.Name, HeaderNamesEqual));
        }

        foreach (var slot in plan.SlotsOf(DescriptorKind.Claim))
        {
            facts.Set(slot.Slot, First(request.Claims, slot.Name, static (a, b) => a == b));
        }

        UserAgentFacts.Fill(First(request.Headers, "user-agent", HeaderNamesEqual), plan, facts);
        CookieReader.Fill(CookiesOf(request.Headers), plan, facts);
        if (IpValue.TryParse(Encoding.UTF8.GetBytes(request.Ip ?? DefaultAddress), out var address))
        {
            AddressFacts.Fill(plan, address, facts);
        }

        foreach (var (key, value) in request.Facts)
        {
            var slot = SlotOf(plan, key);
            if (slot >= 0)
            {
                facts.Set(slot, value);
            }
        }
    }

    // A header that is given as a fact is one from a trusted proxy, whichever way its key was read.
    private static int SlotOf(FactPlan plan, DescriptorKey key) =>
        plan.Slots.IndexOf(key.Kind == DescriptorKind.Header ? key with { Kind = DescriptorKind.TrustedHeader } : key);

    // HTTP/2 may split the header; together its parts are one (RFC 9113 section 8.2.3).
    private static string CookiesOf(ImmutableArray<KeyValuePair<string, string>> headers)
    {
        var cookies = string.Empty;
        foreach (var (key, value) in headers)
        {
            if (HeaderNamesEqual(key, "cookie"))
            {
                cookies = cookies.Length == 0 ? value : cookies + "; " + value;
            }
        }

        return cookies;
    }

    // The peer's rule, and the doors': case-insensitive, dash and underscore are the same.
    private static bool HeaderNamesEqual(string a, string b) =>
        string.Equals(a.Replace('_', '-'), b.Replace('_', '-'), StringComparison.OrdinalIgnoreCase);

    private static string First(
        ImmutableArray<KeyValuePair<string, string>> pairs, string name, Func<string, string, bool> equal)
    {
        foreach (var (key, value) in pairs)
        {
            if (equal(key, name))
            {
                return value;
            }
        }

        return string.Empty;
    }
}
