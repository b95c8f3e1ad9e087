using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity;

namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>A request of a few headers and no body.</summary>
internal sealed class BenchRequest(CredentialKinds wanted) : IIncomingRequest
{
    private readonly List<KeyValuePair<string, string>> _headers = [];

    public string Method => "GET";

    public string Scheme => "https";

    public string Authority => "api.example.com";

    public string Target => "/v1/items";

    public CredentialKinds Wanted => wanted;

    public IPAddress? ClientAddress { get; } = IPAddress.Parse("192.0.2.1");

    public X509Certificate2? ClientCertificate => null;

    public BenchRequest Add(string name, string value)
    {
        _headers.Add(KeyValuePair.Create(name, value));
        return this;
    }

    public int CountOf(string header) => FirstOf(header) is null ? 0 : 1;

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

    public string? CombinedOf(string header) => FirstOf(header);

    public ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes, CancellationToken cancellation) => new((ReadOnlyMemory<byte>?)ReadOnlyMemory<byte>.Empty);
}
