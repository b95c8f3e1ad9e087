using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Orgs;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGuard.ControlPlane.Tests.Support;

/// <summary>A real control plane on a free port with TLS, on a database of its own.</summary>
internal sealed class TestControlPlane : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PostgresDatabase? _postgres;

    private TestControlPlane(PostgresDatabase? postgres, TimeProvider time)
    {
        _postgres = postgres;
        Time = time;
        Options = new ControlPlaneOptions
        {
            Listen = "127.0.0.1:0",
            DataDir = _folder.Combine("data"),
            PostgresConnection = postgres is null ? null : new SecretText(postgres.ConnectionString),
            HeartbeatInterval = TimeSpan.FromSeconds(1),
            LogLevel = "trace",
        };
    }

    public ControlPlaneOptions Options { get; }

    public TimeProvider Time { get; }

    public TestLogs Logs { get; } = new();

    public ControlPlaneHost Host { get; private set; } = null!;

    public Database Database => Get<Database>();

    public static async Task<TestControlPlane> StartAsync(TestStorage storage = TestStorage.Sqlite, TimeProvider? time = null)
    {
        var plane = new TestControlPlane(storage is TestStorage.PostgreSql ? await PostgresDatabase.CreateAsync() : null, time ?? TimeProvider.System);
        await plane.StartAgainAsync();
        return plane;
    }

    public T Get<T>()
        where T : notnull => Host.Services.GetRequiredService<T>();

    public async Task StartAgainAsync()
    {
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        Host = await ControlPlaneHost.StartAsync(Options, Time, services => services.AddSingleton<ILoggerProvider>(Logs));
    }

    public async Task<TestOrganization> CreateOrganizationAsync(string name = "acme")
    {
        var created = await Get<OrganizationCreator>().CreateAsync(name, $"admin@{name}.example", "eu", CancellationToken.None);
        return new TestOrganization(this, created);
    }

    /// <summary>A client that trusts the throwaway authority and nothing else.</summary>
    public HttpClient CreateClient(string? token)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Options.DataDir, "ca.pem"));
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        var client = new HttpClient(handler)
        {
            BaseAddress = Host.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Eventually.Generous,
        };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }

        return client;
    }

    public ControlPlaneDbContext Rows(string organizationId) => Database.Open(OrganizationScope.For(organizationId));

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _folder.Dispose();
    }
}
