using System.Net.Http.Headers;
using System.Text;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Rejections;

/// <summary>Names of headers that only the edge may set towards clients: an upstream that sends them could fake a decision.</summary>
internal sealed class ReservedHeaders(EdgeOptions options)
{
    private readonly string[] _prefixes = [.. new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "X-EdgeGuard-", options.HeaderPrefix }];
    private readonly byte[][] _ascii = [.. new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "X-EdgeGuard-", options.HeaderPrefix }.Select(Encoding.ASCII.GetBytes)];

    /// <summary>Removes them from what an upstream answered.</summary>
    public void RemoveFrom(HttpHeaders headers)
    {
        List<string>? reserved = null;
        foreach (var (name, _) in headers.NonValidated)
        {
            if (IsReserved(name))
            {
                (reserved ??= []).Add(name);
            }
        }

        foreach (var name in reserved ?? [])
        {
            headers.Remove(name);
        }
    }

    /// <summary>Copies all others.</summary>
    public void CopyOthers(HttpHeaders from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from.NonValidated)
        {
            if (!IsReserved(name))
            {
                to.Append(name, new Microsoft.Extensions.Primitives.StringValues([.. values]));
            }
        }
    }

    /// <summary>Whether a header of an upstream is one of them.</summary>
    public bool IsReserved(ReadOnlySpan<byte> name)
    {
        foreach (var prefix in _ascii)
        {
            if (name.Length >= prefix.Length && Ascii.EqualsIgnoreCase(name[..prefix.Length], prefix))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsReserved(string name)
    {
        foreach (var prefix in _prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
