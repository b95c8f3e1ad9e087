using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity;

namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>A request that carries a token and nothing else.</summary>
internal sealed class BearerRequest(string authorization) : IIncomingRequest
{
    public string Method => "GET";

    public string Scheme => "https";

    public string Authority => "api.example.com";

    public string Target => "/v1/items";

    public CredentialKinds Wanted => CredentialKinds.Jwt;

    public IPAddress? ClientAddress { get; } = IPAddress.Parse("192.0.2.1");

    public X509Certificate2? ClientCertificate => null;

    public int CountOf(string header) => FirstOf(header) is null ? 0 : 1;

    public string? FirstOf(string header) => header.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? authorization : null;

    public string? CombinedOf(string header) => FirstOf(header);

    public ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes, CancellationToken cancellation) => new((ReadOnlyMemory<byte>?)ReadOnlyMemory<byte>.Empty);
}
