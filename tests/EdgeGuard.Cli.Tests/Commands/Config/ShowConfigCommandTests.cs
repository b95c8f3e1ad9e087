namespace EdgeGuard.Cli.Tests.Commands.Config;

public sealed class ShowConfigCommandTests : IDisposable
{
    private readonly CliSession _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Show_Edge_TellsValuesAndSourcesWithoutSecrets()
    {
        _cli.Write("edgeguard.yaml", "edge_id: edge-1\nclusters:\n  default:\n    destinations: [http://127.0.0.1:9000]\n");
        _cli.Environment["EDGEGUARD_EDGE_TOKEN"] = "egt_secret";

        var result = (await _cli.RunAsync("config", "show", "--", "--listen.proxy", "127.0.0.1:1")).Exits(0);

        Assert.Matches("(?m)^edge_id +edge-1 +edgeguard.yaml:1:10$", result.Out);
        Assert.Matches("(?m)^edge_token +\\*\\*\\* +EDGEGUARD_EDGE_TOKEN$", result.Out);
        Assert.Matches("(?m)^listen.proxy +127.0.0.1:1 +--listen.proxy$", result.Out);
        Assert.Matches("(?m)^state +persistent +default$", result.Out);
        Assert.DoesNotContain("egt_secret", result.Out + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_UnknownOption_IsAFindingWithPlaceAndName()
    {
        _cli.Write("edgeguard.yaml", "listen:\n  proxy: off\n  proxi: off\n");

        var result = (await _cli.RunAsync("config", "show")).Exits(1);

        Assert.Equal(
            "edgeguard.yaml:3:3 error EG3001 listen.proxi: unknown option\n" +
            "  fix: did you mean `listen.proxy`?        docs/errors/EG3001.md\n", result.Error);
    }

    [Fact]
    public async Task Show_ControlPlane_ReadsItsOwnNames()
    {
        _cli.Environment["EDGEGUARD_CP_LISTEN"] = "127.0.0.1:0";

        var options = (await _cli.RunAsync("config", "show", "--control-plane", "--json")).Exits(0).Json["options"]!.AsArray();

        var listen = options.Single(option => option!["key"]!.GetValue<string>() == "listen")!;
        Assert.Equal("127.0.0.1:0", listen["value"]!.GetValue<string>());
        Assert.Equal("EDGEGUARD_CP_LISTEN", listen["source"]!.GetValue<string>());
    }
}
