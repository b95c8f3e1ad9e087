using System.Net;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Reads addresses from the right out of <c>X-Forwarded-For</c> (a plain list) or <c>Forwarded</c> (RFC 7239).</summary>
internal sealed class ForwardedElements
{
    private readonly bool _parameters;

    private ForwardedElements(bool parameters) => _parameters = parameters;

    /// <summary><c>X-Forwarded-For: client, proxy1</c>.</summary>
    public static ForwardedElements Plain { get; } = new(parameters: false);

    /// <summary><c>Forwarded: for=192.0.2.60;proto=http, for="[2001:db8::17]:4711"</c>.</summary>
    public static ForwardedElements Rfc7239 { get; } = new(parameters: true);

    /// <summary>Cuts the last element off and reads its address; false when it has none, such as <c>unknown</c>.</summary>
    public bool TryTakeLast(ref ReadOnlySpan<char> list, out IPAddress? address)
    {
        var comma = LastComma(list);
        var element = list[(comma + 1)..].Trim();
        list = comma < 0 ? [] : list[..comma];
        address = null;
        return (!_parameters || TryGetFor(ref element)) && TryParseNode(element, out address);
    }

    /// <summary>An address with an optional port: <c>192.0.2.1:8080</c>, <c>[2001:db8::1]:8080</c>, <c>2001:db8::1</c>.</summary>
    private static bool TryParseNode(ReadOnlySpan<char> node, out IPAddress? address)
    {
        address = null;
        if (node is ['[', ..])
        {
            var close = node.IndexOf(']');
            node = close < 0 ? [] : node[1..close];
        }
        else if (node.Count(':') == 1)
        {
            node = node[..node.IndexOf(':')];
        }

        // A scope id names an interface of another machine, and IPAddress.TryParse also takes "1" for 0.0.0.1.
        if (node.IsEmpty || node.Contains('%') || node.IndexOfAny('.', ':') < 0 || !IPAddress.TryParse(node, out var parsed))
        {
            return false;
        }

        address = TrustedProxies.Unmapped(parsed);
        return true;
    }

    private static bool TryGetFor(ref ReadOnlySpan<char> element)
    {
        foreach (var range in element.Split(';'))
        {
            var pair = element[range].Trim();
            if (pair.StartsWith("for=", StringComparison.OrdinalIgnoreCase))
            {
                element = pair["for=".Length..].Trim('"');
                return true;
            }
        }

        return false;
    }

    // Commas inside quotes do not separate; an address holds none, so only the quotes themselves have to be counted.
    private int LastComma(ReadOnlySpan<char> list)
    {
        var quoted = false;
        for (var i = list.Length - 1; i >= 0; i--)
        {
            if (list[i] == '"' && _parameters)
            {
                quoted = !quoted;
            }
            else if (list[i] == ',' && !quoted)
            {
                return i;
            }
        }

        return -1;
    }
}
