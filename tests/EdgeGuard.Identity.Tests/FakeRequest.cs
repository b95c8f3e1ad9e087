using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Tests;

/// <summary>A request as a list of header lines.</summary>
internal sealed class FakeRequest : IIncomingRequest
{
    private readonly List<(string Name, string Value)> _headers = [];

    public FakeRequest(params (string Name, string Value)[] headers) => _headers.AddRange(headers);

    public string Method { get; init; } = "GET";

    public string Scheme { get; init; } = "https";

    public string Authority { get; init; } = "api.test";

    public string Target { get; init; } = "/v1/a";

    public CredentialKinds Wanted { get; init; } = CredentialKinds.All;

    public IPAddress? ClientAddress { get; init; } = IPAddress.Loopback;

    public X509Certificate2? ClientCertificate => null;

    public int CountOf(string header)
    {
        var count = 0;
        foreach (var (name, _) in _headers)
        {
            count += name.Equals(header, StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        }

        return count;
    }

    public string? FirstOf(string header)
    {
        foreach (var (name, value) in _headers)
        {
            if (name.Equals(header, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    public string? CombinedOf(string header) => CountOf(header) == 0
        ? null
        : string.Join(", ", _headers.Where(line => line.Name.Equals(header, StringComparison.OrdinalIgnoreCase)).Select(line => line.Value));

    public bool IsBelow(ImmutableArray<string> prefixes) => prefixes.Any(prefix => Target.StartsWith(prefix, StringComparison.Ordinal));

    public ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes, CancellationToken cancellation) => new((ReadOnlyMemory<byte>?)null);
}
