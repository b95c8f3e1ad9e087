using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Tests;

/// <summary>A request that is only what a test says.</summary>
internal sealed class FakeRequest : IIncomingRequest
{
    private readonly List<KeyValuePair<string, string>> _headers = [];

    public FakeRequest(params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            Add(name, value);
        }
    }

    public string Method { get; set; } = "GET";

    public string Scheme { get; set; } = "https";

    public string Authority { get; set; } = "example.com";

    public string Target { get; set; } = "/";

    public CredentialKinds Wanted { get; set; } = CredentialKinds.All;

    public IPAddress? ClientAddress { get; set; } = IPAddress.Parse("192.0.2.1");

    public X509Certificate2? ClientCertificate { get; set; }

    public byte[] Body { get; set; } = [];

    public int BodyReads { get; private set; }

    /// <summary>What happens until the body is there.</summary>
    public Action Arrives { get; set; } = static () => { };

    /// <summary>Adds a field line.</summary>
    public FakeRequest Add(string name, string value)
    {
        _headers.Add(KeyValuePair.Create(name, value));
        return this;
    }

    /// <summary>Puts one field line in the place of all of a name.</summary>
    public FakeRequest Set(string name, string value)
    {
        Remove(name);
        return Add(name, value);
    }

    public void Remove(string name) => _headers.RemoveAll(header => Is(header, name));

    // Loops, so that a test can count what the product allocates.
    public int CountOf(string header)
    {
        var count = 0;
        foreach (var line in _headers)
        {
            count += Is(line, header) ? 1 : 0;
        }

        return count;
    }

    public string? FirstOf(string header)
    {
        foreach (var line in _headers)
        {
            if (Is(line, header))
            {
                return line.Value;
            }
        }

        return null;
    }

    public bool IsBelow(ImmutableArray<string> prefixes) => prefixes.Any(prefix => Target.StartsWith(prefix, StringComparison.Ordinal));

    public string? LineOf(string header, int index) => _headers.Where(line => Is(line, header)).Select(line => line.Value).ElementAtOrDefault(index);

    public string? CombinedOf(string header) =>
        CountOf(header) == 0 ? null : string.Join(", ", _headers.Where(line => Is(line, header)).Select(line => line.Value.Trim(' ', '\t')));

    public ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes, CancellationToken cancellation)
    {
        BodyReads++;
        Arrives();
        return new(Body.Length <= maxBytes ? (ReadOnlyMemory<byte>)Body : (ReadOnlyMemory<byte>?)null);
    }

    private static bool Is(KeyValuePair<string, string> line, string name) => line.Key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
