using System.Net;
using System.Security.Authentication;
using System.Text.Json;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using EdgeGuard.ControlPlane.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;

namespace EdgeGuard.ControlPlane.Tests.Hosting;

public sealed class StartTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Init_Twice_PrintsTheTokenOnceAndThenRefuses()
    {
        var first = await RunAsync("init", "--organization", "acme", "--user", "a@acme.example", "--data-dir", _folder.Path);
        var second = await RunAsync("init", "--organization", "acme", "--user", "a@acme.example", "--data-dir", _folder.Path);

        using var printed = JsonDocument.Parse(first.Output);
        Assert.Equal(0, first.Code);
        Assert.StartsWith("egu_", printed.RootElement.GetProperty("access_token").GetString(), StringComparison.Ordinal);
        Assert.True(File.Exists(printed.RootElement.GetProperty("ca_file").GetString()));
        Assert.Equal((4, string.Empty), (second.Code, second.Output));
        Assert.Contains("EG6008", second.Errors, StringComparison.Ordinal);
        foreach (var secret in new[] { "master.key", "data.keys", "ca.key", "server.key", "control-plane.db" })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Combine(secret)));
        }
    }

    [Theory]
    [InlineData("init", "--user", "a@b.example")]
    [InlineData("init", "--organization", "acme", "--user", "nobody")]
    [InlineData("dance")]
    public async Task CommandLine_NotUsable_ExitsWith2(params string[] args)
    {
        var result = await RunAsync([.. args, "--data-dir", _folder.Path]);

        Assert.Equal(2, result.Code);
        Assert.Contains("EG6026", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortInUse_SaysSo()
    {
        await using var plane = await TestControlPlane.StartAsync();
        var options = new ControlPlaneOptions { DataDir = _folder.Path, Listen = $"127.0.0.1:{plane.Host.Address.Port}" };

        var error = await Assert.ThrowsAsync<ControlPlaneException>(() => ControlPlaneHost.StartAsync(options, TimeProvider.System));

        Assert.Equal(ControlPlaneCodes.ListenFailed, error.Diagnostic.Code);
        Assert.Contains(options.Listen, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_OfARunningControlPlane_IsHealthy()
    {
        await using var plane = await TestControlPlane.StartAsync();
        await File.WriteAllTextAsync(HealthCommand.AddressFile(plane.Options), plane.Host.Address.ToString());

        var up = await RunAsync("health", "--data-dir", plane.Options.DataDir);
        await plane.Host.DisposeAsync();
        var down = await RunAsync("health", "--data-dir", plane.Options.DataDir);

        Assert.Equal(0, up.Code);
        Assert.Equal(3, down.Code);
    }

    [Fact]
    public async Task Schema_OfANewerReleaseOrChanged_IsRefused()
    {
        var options = new ControlPlaneOptions { DataDir = _folder.Path };
        using var database = Database.From(options);
        var scripts = MigrationScript.Load(DatabaseDialect.Sqlite);
        await Migrator.MigrateAsync(database, [.. scripts, new MigrationScript(scripts.Count + 1, "SELECT 1")], TimeProvider.System, CancellationToken.None);

        var newer = await Assert.ThrowsAsync<ControlPlaneException>(() => Migrator.MigrateAsync(database, TimeProvider.System, CancellationToken.None));
        var differs = await Assert.ThrowsAsync<ControlPlaneException>(() => Migrator.MigrateAsync(
            database, [.. scripts, new MigrationScript(scripts.Count + 1, "SELECT 2")], TimeProvider.System, CancellationToken.None));

        Assert.Equal(ControlPlaneCodes.SchemaNewer, newer.Diagnostic.Code);
        Assert.Equal(ControlPlaneCodes.SchemaDiffers, differs.Diagnostic.Code);
    }

    [Fact]
    public void Certificate_OnRestart_IsReusedAndNearItsEndMadeAnewUnderTheSameAuthority()
    {
        var options = new ControlPlaneOptions { DataDir = _folder.Path };
        var time = new TestTimeProvider(TimeProvider.System.GetUtcNow());
        using var first = ServerCertificates.Load(options, time);
        using var second = ServerCertificates.Load(options, time);
        var authority = _folder.Read("ca.pem");
        time.Advance(TimeSpan.FromDays(340));

        Assert.Equal(first.Current.Thumbprint, second.Current.Thumbprint);
        Assert.True(second.Refresh());
        Assert.NotEqual(first.Current.Thumbprint, second.Current.Thumbprint);
        Assert.Equal(authority, _folder.Read("ca.pem"));
        using var renamed = ServerCertificates.Load(options with { TlsNames = "cp.example" }, time);
        Assert.True(renamed.Current.MatchesHostname("cp.example"));
    }

    [Fact]
    public async Task Tls_BelowVersion13_IsRefused()
    {
        await using var plane = await TestControlPlane.StartAsync();
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        using var client = new HttpClient(handler);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(plane.Host.Address));
    }

    [Fact]
    public async Task Http11_OnTheSamePort_Works()
    {
        await using var plane = await TestControlPlane.StartAsync();
        using var client = plane.CreateClient(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me") { Version = HttpVersion.Version11 };

        using var response = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpVersion.Version11), (response.StatusCode, response.Version));
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var code = await CommandLine.RunAsync(args, new Dictionary<string, string>(StringComparer.Ordinal), output, errors, TimeProvider.System, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }
}
