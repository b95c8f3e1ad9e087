using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>A request whose header lines are the input, and whose other parts are fixed.</summary>
/// <param name="lines">Names and values, each value without blanks around it, as a server hands them on.</param>
/// <param name="method">Its method.</param>
/// <param name="body">Its body.</param>
internal sealed class HeaderRequest(IReadOnlyList<KeyValuePair<string, string>> lines, string method, byte[] body) : IIncomingRequest
{
    public const string Host = "api.example";

    public const string Path = "/v1/items";

    public const string Query = "id=7&b=2";

    public string Method => method;

    public string Scheme => "https";

    public string Authority => Host;

    public string Target => $"{Path}?{Query}";

    public CredentialKinds Wanted => CredentialKinds.All;

    public IPAddress? ClientAddress => null;

    public X509Certificate2? ClientCertificate => null;

    /// <summary>Header lines out of an input: one line each, a name, a colon and a value; lines without a name are left out.</summary>
    public static List<KeyValuePair<string, string>> Split(ReadOnlySpan<byte> input)
    {
        var lines = new List<KeyValuePair<string, string>>();

        // Values reach the verifiers as one character a byte.
        foreach (var line in Encoding.Latin1.GetString(input).Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                lines.Add(KeyValuePair.Create(line[..colon], line[(colon + 1)..].Trim(' ', '\t', '\r')));
            }
        }

        return lines;
    }

    public int CountOf(string header) => Of(header).Count();

    public string? FirstOf(string header) => Of(header).FirstOrDefault();

    public string? LineOf(string header, int index) => Of(header).ElementAtOrDefault(index);

    public string? CombinedOf(string header) => CountOf(header) == 0 ? null : string.Join(", ", Of(header));

    public ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes, CancellationToken cancellation) =>
        new(body.Length <= maxBytes ? (ReadOnlyMemory<byte>)body : (ReadOnlyMemory<byte>?)null);

    private IEnumerable<string> Of(string header) =>
        lines.Where(line => line.Key.Equals(header, StringComparison.OrdinalIgnoreCase)).Select(line => line.Value);
}
