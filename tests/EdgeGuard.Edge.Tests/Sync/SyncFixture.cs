using System.Text.Json;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Sync;

/// <summary>A fake control plane, a folder, and the options of an edge that belongs to them.</summary>
internal sealed class SyncFixture : IAsyncDisposable
{
    private SyncFixture(TestCertificates certificates, FakeControlPlane plane)
    {
        Certificates = certificates;
        Plane = plane;
        Options = ConnectedEdge.Options(plane, Folder, certificates);
    }

    public TempFolder Folder { get; } = new();

    public TestCertificates Certificates { get; }

    public FakeControlPlane Plane { get; }

    public EdgeOptions Options { get; set; }

    public string StateFile(string name) => Folder.Combine("state", name);

    public static async Task<SyncFixture> CreateAsync()
    {
        var certificates = new TestCertificates();
        return new SyncFixture(certificates, await FakeControlPlane.StartAsync(certificates));
    }

    public Task<ConnectedEdge> StartEdgeAsync(TimeProvider? time = null) => ConnectedEdge.StartAsync(Options, time);

    public static KillSwitchDefinition Kill(string id, string value = "leaked-key") => new()
    {
        Id = id,
        ScopeKey = new DescriptorKey(DescriptorKind.Header, "x-api-key"),
        ScopeValue = value,
    };

    /// <summary>A bundle as JSON, with one policy.</summary>
    public static string Bundle(long version, string policy = "api") => JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["format"] = "edgeguard/v1",
        ["bundle_version"] = version,
        ["policies"] = new object[]
        {
            new
            {
                id = policy,
                spec = new
                {
                    selector = new { pathPrefix = "/" },
                    rules = new object[]
                    {
                        new
                        {
                            name = "per-key",
                            limit_keys = new[] { "header:x-api-key" },
                            algorithm = "token_bucket",
                            algorithm_config = new { tokens_per_second = 1000, burst = 1000 },
                        },
                    },
                },
            },
        },
    });

    public Task<Ack> AckAsync(string kind, long sequence, string status) =>
        Plane.Acks.WaitForAsync(ack => ack.Kind == kind && ack.Sequence == sequence && ack.Status == status, $"{kind} {sequence} {status}");

    public async ValueTask DisposeAsync()
    {
        await Plane.DisposeAsync();
        Certificates.Dispose();
        Folder.Dispose();
    }
}
