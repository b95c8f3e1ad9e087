using System.Collections.Frozen;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.DataFiles;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Proxy;

/// <summary>Which headers of a client neither count nor go on, under the policies of one snapshot. Names are given as <see cref="Hyphened"/> spells them.</summary>
internal sealed class HeaderRules
{
    private static readonly string[] HopByHop = ["Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate"];

    private readonly string[] _reserved;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _identity;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _trusted;
    private readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _exact;

    public HeaderRules(EdgeOptions options, FactSources sources, PolicySnapshot snapshot)
    {
        Plan = snapshot.Facts;
        IEnumerable<string> agent = Plan.NeedsUserAgent ? ["User-Agent"] : [];
        Names = [.. Plan.SlotsOf(DescriptorKind.Header).Select(slot => slot.Name).Concat(agent).Distinct(StringComparer.OrdinalIgnoreCase)];
        _reserved = [.. new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "X-Original-", "X-EdgeGuard-", options.HeaderPrefix }];
        _identity = Lookup(snapshot.IdentityHeaderNames.Select(Hyphened));
        _trusted = Lookup(Plan.SlotsOf(DescriptorKind.TrustedHeader).Select(slot => Hyphened(slot.Name)).Concat(sources.HeaderNames));
        _exact = Names
            .GroupBy(Hyphened, StringComparer.OrdinalIgnoreCase)
            .Where(twins => twins.Count() == 1)
            .ToFrozenDictionary(twins => twins.Key, twins => twins.First(), StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The plan that these rules are for.</summary>
    public FactPlan Plan { get; }

    /// <summary>Headers that are decided on: of a repeated one the first value counts.</summary>
    public string[] Names { get; }

    /// <summary>
    /// A name with a hyphen for all that is neither letter nor digit; the same object when there is nothing else. Servers that make variables of headers make
    /// underscores of hyphens, and some of every such character (<c>X.User.Id</c>), so that names which differ in these alone are one to them.
    /// </summary>
    public static string Hyphened(string name) =>
        IsPlain(name) ? name : string.Create(name.Length, name, static (plain, odd) =>
        {
            for (var i = 0; i < plain.Length; i++)
            {
                plain[i] = char.IsAsciiLetterOrDigit(odd[i]) ? odd[i] : '-';
            }
        });

    /// <summary>Whether a header is for one connection only, whatever the client says of it: not even a decision looks at it.</summary>
    public static bool IsHopByHop(ReadOnlySpan<char> name)
    {
        foreach (var one in HopByHop)
        {
            if (name.Equals(one, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether only the edge itself may say this, to upstreams or to clients: who a caller is, on every route; not even a trusted proxy may.</summary>
    public bool IsEdgesOwn(ReadOnlySpan<char> hyphened)
    {
        foreach (var prefix in _reserved)
        {
            if (hyphened.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return _identity.Contains(hyphened);
    }

    /// <summary>Whether a name is the twin of a header that is decided on: servers that map both to one name (CGI, WSGI, PHP) would let it overrule the other.</summary>
    public bool IsTwin(ReadOnlySpan<char> hyphened, ReadOnlySpan<char> name) =>
        _exact.TryGetValue(hyphened, out var exact) && !name.Equals(exact, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether only a trusted proxy may say this.</summary>
    public bool IsProxysOwn(ReadOnlySpan<char> hyphened) =>
        hyphened.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        || hyphened.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        || hyphened.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)
        || hyphened.Equals("Client-Cert", StringComparison.OrdinalIgnoreCase)
        || hyphened.Equals("Client-Cert-Chain", StringComparison.OrdinalIgnoreCase)
        || _trusted.Contains(hyphened);

    private static bool IsPlain(ReadOnlySpan<char> name)
    {
        foreach (var one in name)
        {
            if (!char.IsAsciiLetterOrDigit(one) && one != '-')
            {
                return false;
            }
        }

        return true;
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup(IEnumerable<string> names) =>
        names.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
