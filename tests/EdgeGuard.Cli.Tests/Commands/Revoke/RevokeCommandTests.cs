using System.Text.Json;
using EdgeGuard.Cli.Tests.Api;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Tests.Commands.Revoke;

public sealed class RevokeCommandTests : IAsyncLifetime
{
    private readonly CliSession _cli = new();
    private FakeControlPlane _server = null!;

    private static RevocationInfo Info => new()
    {
        Id = "rv-1",
        Kind = "subject",
        Value = "alice",
        Time = DateTimeOffset.UnixEpoch,
        Reason = "laptop\u001b[2J",
        Author = "ann@example.com",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Sequence = 8,
        AcknowledgedEdges = 2,
        ConnectedEdges = 3,
    };

    public async ValueTask InitializeAsync()
    {
        _server = await FakeControlPlane.StartAsync();
        _server.Configure(_cli);
        _server.Answer("POST " + ApiRoutes.Revocations, Info, ContractsJson.Default.RevocationInfo, 201);
        _server.Answer("GET " + ApiRoutes.Revocations, (IReadOnlyList<RevocationInfo>)[Info], ContractsJson.Default.IReadOnlyListRevocationInfo);
        _server.AnswerText($"DELETE {ApiRoutes.Revocations}/rv-1", 204, string.Empty);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task Add_SendsWhatIsVoid_AndSaysHowFarItIs()
    {
        var result = (await _cli.RunAsync(
            "revoke", "add", "subject=alice=x", "--before", "2026-01-01T00:00:00Z", "--reason", "stolen", "--expires", "30m", "--yes")).Exits(0);

        Assert.Equal(
            "refuses everything issued to subject alice=x before 2026-01-01T00:00:00Z\n" +
            "revocation rv-1 is in force (set 8), acknowledged so far by 2 of 3 connected edges\n" +
            "to end it: edgeguard revoke remove rv-1 --reason WHY\n", result.Out);
        Assert.Equal(
            new CreateRevocation(
                "subject", "alice=x", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), "stolen", new DateTimeOffset(2026, 1, 15, 12, 30, 0, TimeSpan.Zero)),
            JsonSerializer.Deserialize(_server.Calls.Items[^1].Body, ContractsJson.Default.CreateRevocation));
    }

    [Theory]
    [InlineData("revoke", "add", "alice", "--reason", "r", "--yes")]
    [InlineData("revoke", "add", "user=alice", "--reason", "r", "--yes")]
    [InlineData("revoke", "add", "subject=", "--reason", "r", "--yes")]
    [InlineData("revoke", "add", "subject=alice", "--reason", "r", "--before", "yesterday", "--yes")]
    [InlineData("revoke", "add", "subject=alice", "--reason", "r")]
    [InlineData("revoke", "add", "subject=alice", "--yes")]
    [InlineData("revoke", "remove", "rv-1", "--reason", "r")]
    public async Task WrongUsage_CallsNobody(params string[] args)
    {
        (await _cli.RunAsync(args)).Exits(2);

        Assert.Empty(_server.Calls.Items);
    }

    [Fact]
    public async Task List_ShowsNoEscapeSequences()
    {
        var result = (await _cli.RunAsync("revoke", "list")).Exits(0);

        Assert.Contains("subject=alice", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Out);
        Assert.Equal("rv-1", (await _cli.RunAsync("revoke", "list", "--json")).Exits(0).Json["revocations"]![0]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Remove_SendsTheReason()
    {
        (await _cli.RunAsync("revoke", "remove", "rv-1", "--reason", "found", "--yes")).Exits(0);

        Assert.Equal($"DELETE {ApiRoutes.Revocations}/rv-1?reason=found", _server.Calls.Items[^1].Call);
    }
}
