using System.Buffers;
using EdgeGuard.Options.Reading;

namespace EdgeGuard.Options.Binding;

/// <summary>Names of headers that tell facts: they are taken away from strangers, so they must not be what a request needs.</summary>
internal static class FactHeaderChecks
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly HashSet<string> Needed = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Authorization", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Cookie", "Expect", "Forwarded", "Host", "TE",
        "Transfer-Encoding", "Upgrade", "User-Agent", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
    };

    public static void Run(FactHeaderOptions headers, OptionValues values)
    {
        foreach (var (fact, name) in (ReadOnlySpan<(string, string)>)
            [("country", headers.Country), ("asn", headers.Asn), ("type", headers.Type), ("tor", headers.Tor)])
        {
            if (name.AsSpan().ContainsAnyExcept(Characters) || Needed.Contains(name))
            {
                values.Refuse(OptionsCodes.WrongType, "fact_headers." + fact, $"`{name}` cannot be the name of a header that only tells a fact",
                    "use letters, digits and `-`, such as X-Country-Code, and no header with a meaning of its own; leave it empty for none");
            }
        }
    }
}
