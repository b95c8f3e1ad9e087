using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Support;

/// <summary>Sends a request exactly as it is written, repeated headers as repeated lines; one connection a request.</summary>
internal static class RawClient
{
    /// <summary>Sends and reads the answer.</summary>
    /// <param name="address">Scheme, host and port.</param>
    /// <param name="method">Method.</param>
    /// <param name="target">Request target as it stands on the line.</param>
    /// <param name="headers">Header lines in order; Host among them.</param>
    /// <param name="body">Body, or null.</param>
    public static async Task<HttpResponseMessage> SendAsync(
        Uri address, string method, string target, IEnumerable<KeyValuePair<string, string>> headers, string? body)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{method} {target} HTTP/1.1\r\n");
        foreach (var (name, value) in headers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (body is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n");
        }

        text.Append("Connection: close\r\n\r\n").Append(body);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()));
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer).Within("the end of an answer");
        return Parse(Encoding.Latin1.GetString(answer.ToArray()));
    }

    private static HttpResponseMessage Parse(string answer)
    {
        var lines = answer.Split("\r\n");
        var response = new HttpResponseMessage((HttpStatusCode)int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture))
        {
            Content = new ByteArrayContent([]),
        };
        foreach (var line in lines.Skip(1).TakeWhile(line => line.Length > 0))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = line[(colon + 1)..].Trim();
            if (!response.Headers.TryAddWithoutValidation(line[..colon], value))
            {
                response.Content.Headers.TryAddWithoutValidation(line[..colon], value);
            }
        }

        return response;
    }
}
