using EdgeGuard.Cli.Tests.Api;

namespace EdgeGuard.Cli.Tests.Commands.Edge;

public sealed class LocalCommandTests : IAsyncLifetime
{
    private readonly CliSession _cli = new();
    private FakeEdge _edge = null!;

    public async ValueTask InitializeAsync()
    {
        _edge = await FakeEdge.StartAsync(_cli.PathOf("admin.sock"));
        _edge.Answers["GET /status"] = """{"edge_id":"edge-1","bundle":{"version":5},"reasons":[]}""";
        _edge.Answers["GET /egress"] = """{"epoch":1,"decisions":[]}""";
        _edge.Answers["POST /egress/flush"] = """{"sent":true}""";
        _edge.Answers["POST /kill"] = """{"id":"local-1"}""";
        _edge.Answers["GET /kill"] = """{"local":[{"id":"local-1","scope_key":"jwt:org","scope_value":"x","status":429,"reason":"r"}],"pushed":[]}""";
        _edge.Answers["DELETE /kill/local-1"] = "{}";
    }

    public async ValueTask DisposeAsync()
    {
        await _edge.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task Status_Local_PrintsWhatTheEdgeSays()
    {
        var result = (await _cli.RunAsync("status", "--local", "--socket", "admin.sock")).Exits(0);

        Assert.Equal("edge_id: edge-1\nbundle.version: 5\nreasons: -\n", result.Out);
    }

    [Fact]
    public async Task Socket_FromOptionsOfTheEdge_IsFound()
    {
        _cli.Write("edgeguard.yaml", "state_dir: .\n");
        (await _cli.RunAsync("status", "--local")).Exits(0);

        _cli.Environment["EDGEGUARD_ADMIN_SOCKET"] = "elsewhere.sock";
        var result = (await _cli.RunAsync("status", "--local")).Exits(3);
        Assert.StartsWith($"{_cli.PathOf("elsewhere.sock")} error EG5010 ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_Local_GoesToTheSocketOnly()
    {
        var added = (await _cli.RunAsync("kill", "add", "jwt:org=x", "--reason", "r", "--local", "--socket", "admin.sock", "--yes")).Exits(0);
        Assert.Contains("kill switch local-1 is in force at this edge", added.Out, StringComparison.Ordinal);
        Assert.Equal("""{"scope_key":"jwt:org","scope_value":"x","reason":"r"}""", _edge.Calls.Items[^1].Body);

        var listed = (await _cli.RunAsync("kill", "list", "--local", "--socket", "admin.sock")).Exits(0);
        Assert.Matches("(?m)^local +local-1 +jwt:org=x +- +429 +r +-$", listed.Out);

        (await _cli.RunAsync("kill", "remove", "local-1", "--local", "--socket", "admin.sock", "--reason", "over", "--yes")).Exits(0);
        Assert.Equal("DELETE /kill/local-1?reason=over", _edge.Calls.Items[^1].Call);

        var gone = (await _cli.RunAsync("kill", "remove", "nobody", "--local", "--socket", "admin.sock", "--reason", "over", "--yes")).Exits(4);
        Assert.Contains("error EG3209 Not found: no such kill switch", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Egress_ShowAndFlush_AreWhatTheEdgeSays()
    {
        var shown = (await _cli.RunAsync("edge", "egress", "--socket", "admin.sock", "--json")).Exits(0);
        Assert.Equal(1, shown.Json["egress"]!["epoch"]!.GetValue<int>());

        (await _cli.RunAsync("edge", "egress", "--flush", "--socket", "admin.sock")).Exits(0);
        Assert.Equal("POST /egress/flush", _edge.Calls.Items[^1].Call);
    }
}
