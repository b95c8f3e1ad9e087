using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EdgeGuard.Bench.Load.Requests;

/// <summary>
/// A request with places that differ from one request to the next: <c>{seq}</c> counts from 0, <c>{key:N}</c> is one of N numbers
/// with the same chance each, <c>{token}</c> a bearer token. Braces with anything else in them stay as they are (JSON bodies).
/// </summary>
internal sealed class RequestTemplate
{
    /// <summary>Longest request, in bytes.</summary>
    public const int MaxBytes = 65_536;

    private readonly List<(byte[]? Text, string Variable, int Range)> _parts = [];
    private readonly TokenSupply? _tokens;
    private readonly Random _random;
    private readonly byte[] _buffer = new byte[MaxBytes];
    private long _sequence;

    /// <param name="text">The whole request as it goes over the wire; without variables in a body, whose length it states.</param>
    /// <param name="tokens">Where <c>{token}</c> comes from.</param>
    /// <param name="seed">The same seed gives the same keys and the same order of tokens.</param>
    public RequestTemplate(string text, TokenSupply? tokens, int seed)
    {
        _tokens = tokens;
        _random = new Random(seed);
        Split(text);
        if (tokens is null && _parts.Exists(part => part.Variable == "token"))
        {
            throw new FormatException("the request holds {token}, but no tokens were given");
        }
    }

    /// <summary>Puts a request together from its pieces.</summary>
    public static string Compose(string method, Uri address, IEnumerable<string> headers, string body)
    {
        StringBuilder text = new();
        // The target as it was written: Uri would escape the braces of variables.
        int path = address.OriginalString.IndexOf('/', address.OriginalString.IndexOf("//", StringComparison.Ordinal) + 2);
        text.Append(method).Append(' ').Append(path < 0 ? "/" : address.OriginalString[path..]).Append(" HTTP/1.1\r\n");
        List<string> lines = [.. headers];
        if (!lines.Exists(line => line.StartsWith("host:", StringComparison.OrdinalIgnoreCase)))
        {
            text.Append("Host: ").Append(address.Authority).Append("\r\n");
        }

        foreach (string line in lines)
        {
            text.Append(line).Append("\r\n");
        }

        if (body.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        }

        return text.Append("\r\n").Append(body).ToString();
    }

    /// <summary>The next request; valid until the next call.</summary>
    public ReadOnlySpan<byte> Next()
    {
        int length = 0;
        foreach ((byte[]? text, string variable, int range) in _parts)
        {
            if (text is not null)
            {
                text.CopyTo(_buffer, length);
                length += text.Length;
            }
            else if (variable == "token")
            {
                ReadOnlySpan<byte> token = _tokens!.Next(_random);
                token.CopyTo(_buffer.AsSpan(length));
                length += token.Length;
            }
            else
            {
                long number = variable == "seq" ? _sequence++ : _random.Next(range);
                Utf8Formatter.TryFormat(number, _buffer.AsSpan(length), out int written);
                length += written;
            }
        }

        return _buffer.AsSpan(0, length);
    }

    private void Split(string text)
    {
        int from = 0;
        for (int open = text.IndexOf('{', StringComparison.Ordinal); open >= 0; open = text.IndexOf('{', open + 1))
        {
            int close = text.IndexOf('}', open);
            if (close < 0)
            {
                break;
            }

            string name = text[(open + 1)..close];
            int range = 0;
            bool isKey = name.StartsWith("key:", StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out range) && range > 0;
            if (isKey || name is "seq" or "token")
            {
                AddText(text[from..open]);
                _parts.Add((null, isKey ? "key" : name, range));
                from = close + 1;
            }
        }

        AddText(text[from..]);
    }

    private void AddText(string text)
    {
        if (text.Length > 0)
        {
            _parts.Add((Encoding.UTF8.GetBytes(text), string.Empty, 0));
        }
    }
}
