using EdgeGuard.Cli.Tests.Api;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Tests.Commands.Bundle;

public sealed class PushCommandTests : IAsyncLifetime
{
    private const string Post = "POST " + ApiRoutes.Bundles;
    private readonly CliSession _cli = new();
    private FakeControlPlane _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeControlPlane.StartAsync();
        _server.Configure(_cli);
        _server.Answer("GET " + ApiRoutes.Status, new FleetStatus("acme", "lineage", 1, 4, "d4", 2, 0, []), ContractsJson.Default.FleetStatus);
        _server.Answer(Post, Published, ContractsJson.Default.BundleInfo, 201);
        await _cli.RunAsync("init");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _cli.Dispose();
    }

    private static BundleInfo Published => new()
    {
        Version = 5,
        Digest = "d5",
        Author = "ann@example.com",
        PublishedAt = DateTimeOffset.UnixEpoch,
        Edges = 3,
        Changes =
        [
            new ChangeInfo("changed", "policies[api].rules[per-client].burst", "10", "20", "loosens"),
            new ChangeInfo("removed", "policies[old]", null, null, "loosens"),
        ],
    };

    [Fact]
    public async Task Push_Valid_ShowsTheDifferenceAndPublishesThatVersion()
    {
        var result = (await _cli.RunAsync("push", "policies.yaml", "--message", "more room")).Exits(0);

        Assert.Equal(
            "changes to version 4, for 3 edges:\n" +
            "  ~ policies[api].rules[per-client].burst: 10 -> 20  (loosens)\n" +
            "  - policies[old]  (loosens)\n" +
            "published version 5 to 3 edges, digest d5\n", result.Out);
        var calls = _server.Calls.Items.Select(call => call.Call).ToArray();
        Assert.Equal($"{Post}?dry_run=true&expected_version=4&message=more%20room", calls[^2]);
        Assert.Equal($"{Post}?dry_run=false&expected_version=4&message=more%20room", calls[^1]);
        Assert.Equal(_cli.Read("policies.yaml"), _server.Calls.Items[^1].Body);
    }

    [Fact]
    public async Task Push_OfWhatIsInForce_SaysThatNothingWasPublished()
    {
        _server.Answer(Post, Published with { Version = 4, Edges = 1, Changes = [] }, ContractsJson.Default.BundleInfo);

        var result = (await _cli.RunAsync("push", "policies.yaml")).Exits(0);

        Assert.Equal(
            "changes to version 4, for 1 edge:\n" +
            "  nothing that is enforced changes\n" +
            "nothing was published: version 4, which is in force, is the same\n", result.Out);
    }

    [Fact]
    public async Task Push_DryRun_PublishesNothing()
    {
        var result = (await _cli.RunAsync("push", "policies.yaml", "--dry-run", "--json")).Exits(0);

        Assert.False(result.Json["pushed"]!.GetValue<bool>());
        Assert.Equal(2, result.Json["changes"]!.AsArray().Count);
        Assert.DoesNotContain(_server.Calls.Items, call => call.Call.Contains("dry_run=false", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Push_InvalidHere_IsRefusedWithoutACall()
    {
        _cli.Write("bad.yaml", "format: edgeguard/v1\npolicies: 1\n");

        (await _cli.RunAsync("push", "bad.yaml", "--yes")).Exits(4);

        Assert.Empty(_server.Calls.Items);
    }

    [Fact]
    public async Task Push_RefusedThere_TellsEveryFinding()
    {
        _server.Refuse(Post, new Problem
        {
            Title = "Bundle refused",
            Status = 422,
            Code = "EG6020",
            Errors =
            [
                new ProblemItem("EG1204", "error", "bundle.yaml", 3, 5, "policies[0]", "first", "do this"),
                new ProblemItem("EG1205", "error", "bundle.yaml", 9, 1, "policies[1]", "second", ""),
            ],
        });

        var result = (await _cli.RunAsync("push", "policies.yaml", "--yes")).Exits(4);

        Assert.Contains("bundle.yaml:3:5 error EG1204 policies[0]: first\n  fix: do this", result.Error, StringComparison.Ordinal);
        Assert.Contains("bundle.yaml:9:1 error EG1205 policies[1]: second", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("y\n", 0, true)]
    [InlineData("n\n", 4, false)]
    [InlineData("", 4, false)]
    public async Task Push_Interactive_AsksFirst(string answer, int exitCode, bool published)
    {
        _cli.IsInteractive = true;

        var result = (await _cli.RunWithInputAsync(answer, "push", "policies.yaml")).Exits(exitCode);

        Assert.StartsWith("Publish? [y/N] ", result.Error, StringComparison.Ordinal);
        Assert.Equal(published, _server.Calls.Items.Any(call => call.Call.Contains("dry_run=false", StringComparison.Ordinal)));
    }
}
