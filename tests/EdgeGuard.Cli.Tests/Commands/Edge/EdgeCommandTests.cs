using EdgeGuard.Cli.Tests.Api;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Tests.Commands.Edge;

public sealed class EdgeCommandTests : IAsyncLifetime
{
    private readonly CliSession _cli = new();
    private FakeControlPlane _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeControlPlane.StartAsync();
        _server.Configure(_cli);
        _server.Answer("POST " + ApiRoutes.Edges, new EdgeCredentials("edge-1", "egt_new", "k1:abc", null), ContractsJson.Default.EdgeCredentials, 201);
        _server.Answer($"POST {ApiRoutes.Edges}/edge-1{ApiRoutes.EdgeTokens}",
            new EdgeCredentials("edge-1", "egt_next", null, DateTimeOffset.UnixEpoch), ContractsJson.Default.EdgeCredentials, 201);
        var edge = new EdgeInfo { EdgeId = "edge-1", CreatedAt = DateTimeOffset.UnixEpoch, Connected = true, BundleVersion = 5, EdgeVersion = "0.1.0" };
        _server.Answer("GET " + ApiRoutes.Edges, (IReadOnlyList<EdgeInfo>)[edge], ContractsJson.Default.IReadOnlyListEdgeInfo);
        _server.Answer("GET " + ApiRoutes.Status, new FleetStatus("acme", "l", 1, 5, "d", 2, 1, [edge]), ContractsJson.Default.FleetStatus);
        _server.Answer("GET " + ApiRoutes.Audit, (IReadOnlyList<AuditEntry>)
            [new AuditEntry { Sequence = 9, At = DateTimeOffset.UnixEpoch, Actor = "ann", Action = "edge.add", Subject = "edge-1", Hash = "h" }],
            ContractsJson.Default.IReadOnlyListAuditEntry);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task Add_Plain_PrintsWhatTheEdgeReads()
    {
        var result = (await _cli.RunAsync("edge", "add", "edge-1", "--label", "site=fra")).Exits(0);

        Assert.Equal("EDGEGUARD_EDGE_ID=edge-1\nEDGEGUARD_EDGE_TOKEN=egt_new\nEDGEGUARD_SIGNING_KEY=k1:abc\n", result.Out);
        Assert.Equal("{\"edge_id\":\"edge-1\",\"labels\":{\"site\":\"fra\"}}", _server.Calls.Items[^1].Body);
    }

    [Fact]
    public async Task Add_Out_WritesThemPrivatelyAndPrintsNone()
    {
        var result = (await _cli.RunAsync("edge", "add", "edge-1", "--out", "edge.env")).Exits(0);

        Assert.DoesNotContain("egt_new", result.Out + result.Error, StringComparison.Ordinal);
        Assert.Contains("EDGEGUARD_EDGE_TOKEN=egt_new\n", _cli.Read("edge.env"), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_cli.PathOf("edge.env")));
    }

    [Fact]
    public async Task Add_OutExists_CreatesNothing()
    {
        _cli.Write("edge.env", "mine");

        (await _cli.RunAsync("edge", "add", "edge-1", "--out", "edge.env")).Exits(2);

        Assert.Empty(_server.Calls.Items);
    }

    [Fact]
    public async Task RotateToken_Overlap_IsSentInSeconds()
    {
        var result = (await _cli.RunAsync("edge", "rotate-token", "edge-1", "--overlap", "30m", "--json")).Exits(0);

        Assert.Equal("egt_next", result.Json["edge_token"]!.GetValue<string>());
        Assert.Equal("{\"overlap_seconds\":1800}", _server.Calls.Items[^1].Body);
        (await _cli.RunAsync("edge", "rotate-token", "edge-1", "--overlap", "8d")).Exits(2);
    }

    [Fact]
    public async Task Lists_Plain_AreAlignedTables()
    {
        Assert.Equal(
            "EDGE    STATE      BUNDLE  KILL SET  VERSION  LAST SEEN  LAST PROBLEM\n" +
            "edge-1  connected  5       -         0.1.0    -          -\n", (await _cli.RunAsync("edge", "list")).Exits(0).Out);
        Assert.StartsWith("organization acme, bundle 5, 1 kill switches (set 2), epoch 1\n", (await _cli.RunAsync("status")).Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(
            "SEQUENCE  AT                    ACTOR  ACTION    SUBJECT\n" +
            "9         1970-01-01T00:00:00Z  ann    edge.add  edge-1\n", (await _cli.RunAsync("audit", "list", "--limit", "1", "--before", "10")).Exits(0).Out);
        Assert.Equal($"GET {ApiRoutes.Audit}?limit=1&before=10", _server.Calls.Items[^1].Call);
        (await _cli.RunAsync("audit", "list", "--limit", "0")).Exits(2);
    }
}
