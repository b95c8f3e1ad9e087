using System.Text.Json;
using EdgeGuard.Cli.Tests.Api;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Tests.Commands.Kill;

public sealed class KillCommandTests : IAsyncLifetime
{
    private const string Post = "POST " + ApiRoutes.KillSwitches;
    private const string Preview = "POST " + ApiRoutes.KillSwitchPreview;
    private readonly CliSession _cli = new();
    private FakeControlPlane _server = null!;

    private static KillSwitchInfo Kill => new()
    {
        Id = "ks-1",
        ScopeKey = "header:x-api-key",
        ScopeValue = "mallory",
        Reason = "abuse\u001b[2J",
        Author = "ann@example.com",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Status = 403,
        Sequence = 8,
        AcknowledgedEdges = 2,
        ConnectedEdges = 3,
    };

    public async ValueTask InitializeAsync()
    {
        _server = await FakeControlPlane.StartAsync();
        _server.Configure(_cli);
        _server.Answer(Preview, new KillSwitchPreview(3, 1, ["api"], 1200, ["everybody has this"]), ContractsJson.Default.KillSwitchPreview);
        _server.Answer(Post, Kill, ContractsJson.Default.KillSwitchInfo, 201);
        _server.Answer("GET " + ApiRoutes.KillSwitches, (IReadOnlyList<KillSwitchInfo>)[Kill], ContractsJson.Default.IReadOnlyListKillSwitchInfo);
        _server.AnswerText($"DELETE {ApiRoutes.KillSwitches}/ks-1", 204, string.Empty);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task Add_Yes_ShowsPreviewAndStopsTraffic()
    {
        var result = (await _cli.RunAsync(
            "kill", "add", "header:x-api-key=mallory", "--reason", "abuse", "--expires", "30m", "--status", "403", "--route", "/pay", "--yes")).Exits(0);

        Assert.Equal(
            "refuses requests with header:x-api-key=mallory on /pay, until 2026-01-15T12:30:00Z\n" +
            "at once on 3 edges, on 1 more when back\n" +
            "policies there: api; 1200 requests in the last hour at most\n" +
            "warning: everybody has this\n" +
            "kill switch ks-1 is in force (set 8), acknowledged so far by 2 of 3 connected edges\n" +
            "to end it: edgeguard kill remove ks-1 --reason WHY\n", result.Out);
        var sent = JsonSerializer.Deserialize(_server.Calls.Items[^1].Body, ContractsJson.Default.CreateKillSwitch)!;
        Assert.Equal(
            new CreateKillSwitch("header:x-api-key", "mallory", "/pay", "abuse", new DateTimeOffset(2026, 1, 15, 12, 30, 0, TimeSpan.Zero), 403, null), sent);
    }

    [Fact]
    public async Task Add_ScriptWithoutYes_IsUsageAfterThePreview()
    {
        var result = (await _cli.RunAsync("kill", "add", "--scope", "jwt:org", "--value", "x", "--reason", "r")).Exits(2);

        Assert.Contains("EG5011", result.Error, StringComparison.Ordinal);
        Assert.Contains("at once on 3 edges", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Calls.Items, call => call.Call == Post);
    }

    [Theory]
    [InlineData("yes\n", 0)]
    [InlineData("no\n", 4)]
    public async Task Add_Interactive_AsksFirst(string answer, int exitCode)
    {
        _cli.IsInteractive = true;

        var result = (await _cli.RunWithInputAsync(answer, "kill", "add", "jwt:org=x", "--reason", "r")).Exits(exitCode);

        Assert.Contains("Stop this traffic? [y/N] ", result.Error, StringComparison.Ordinal);
        Assert.Equal(exitCode == 0, _server.Calls.Items.Any(call => call.Call == Post));
    }

    [Fact]
    public async Task Add_Json_IsOneDocument()
    {
        var result = (await _cli.RunAsync("kill", "add", "jwt:org=x", "--reason", "r", "--yes", "--json")).Exits(0);

        Assert.Equal("ks-1", result.Json["id"]!.GetValue<string>());
        Assert.Equal(8, result.Json["sequence"]!.GetValue<long>());
    }

    [Theory]
    [InlineData("kill", "add", "jwt:org", "--reason", "r")]
    [InlineData("kill", "add", "jwt:org=x", "--scope", "jwt:org", "--reason", "r")]
    [InlineData("kill", "add", "jwt:org=x", "--value", "y", "--reason", "r")]
    [InlineData("kill", "add", "jwt:org=x", "--reason", "r", "--status", "500")]
    [InlineData("kill", "add", "jwt:org=x", "--reason", "r", "--expires", "soon")]
    [InlineData("kill", "add", "jwt:org=x")]
    public async Task Add_WrongUsage_CallsNobody(params string[] args)
    {
        (await _cli.RunAsync([.. args, "--yes"])).Exits(2);

        Assert.Empty(_server.Calls.Items);
    }

    [Fact]
    public async Task Add_ValueFromFile_IsSent()
    {
        _cli.Write("value", "a-customers-key\n");

        (await _cli.RunAsync("kill", "add", "header:x-api-key", "--value-file", "value", "--reason", "r", "--yes")).Exits(0);

        Assert.Contains("a-customers-key", _server.Calls.Items[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_EscapeSequenceInAReason_IsNotPrinted()
    {
        var result = (await _cli.RunAsync("kill", "list")).Exits(0);

        Assert.Contains("abuse?[2J", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Out);

        _cli.IsTerminal = true;
        _cli.Environment["NO_COLOR"] = "1";
        Assert.Contains("ks-1", (await _cli.RunAsync("kill", "list")).Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_Yes_SendsTheReason()
    {
        (await _cli.RunAsync("kill", "remove", "ks-1", "--reason", "over now", "--yes")).Exits(0);

        Assert.Equal($"DELETE {ApiRoutes.KillSwitches}/ks-1?reason=over%20now", _server.Calls.Items[^1].Call);
    }

    [Fact]
    public async Task Remove_NoTerminalNoYes_IsUsage() =>
        Assert.Contains("EG5011", (await _cli.RunAsync("kill", "remove", "ks-1", "--reason", "r")).Exits(2).Error, StringComparison.Ordinal);
}
