using System.Text.Json;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Cli.Tests.Api;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Tests.Commands.Key;

public sealed class ApiKeyCommandTests : IAsyncLifetime
{
    private const string Value = "sk_live_a-value-of-the-server";
    private readonly CliSession _cli = new();
    private FakeControlPlane _server = null!;

    private static ApiKeyInfo Info => new()
    {
        Id = "key-1",
        Kind = "secret",
        Organization = "acme\u001b[2J",
        Environment = "live",
        Plan = "gold",
        Scopes = ["read", "write"],
        State = ApiKeyInfo.Active,
        Author = "ann@example.com",
        CreatedAt = DateTimeOffset.UnixEpoch,
        Sequence = 4,
        AcknowledgedEdges = 2,
        ConnectedEdges = 3,
    };

    public async ValueTask InitializeAsync()
    {
        _server = await FakeControlPlane.StartAsync();
        _server.Configure(_cli);
        _server.Answer("POST " + ApiRoutes.ApiKeys, new NewApiKey(Value, Info, null), ContractsJson.Default.NewApiKey, 201);
        _server.Answer("GET " + ApiRoutes.ApiKeys, (IReadOnlyList<ApiKeyInfo>)[Info], ContractsJson.Default.IReadOnlyListApiKeyInfo);
        _server.Answer(
            $"POST {ApiRoutes.ApiKeys}/key-1{ApiRoutes.ApiKeyRotations}", new NewApiKey(Value, Info, DateTimeOffset.UnixEpoch), ContractsJson.Default.NewApiKey, 201);
        _server.AnswerText($"DELETE {ApiRoutes.ApiKeys}/key-1", 204, string.Empty);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task Create_PrintsTheKeyAloneOnStandardOutput()
    {
        var result = (await _cli.RunAsync(
            "key", "create", "--organization", "acme", "--kind", "publishable", "--origin", "https://a.test", "--scope", "read", "--scope", "write", "--expires", "30m")).Exits(0);

        Assert.Equal(Value + "\n", result.Out);
        Assert.Contains("key-1", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Error);
        var sent = JsonSerializer.Deserialize(_server.Calls.Items[^1].Body, ContractsJson.Default.CreateApiKey)!;
        Assert.Equal(("publishable", "acme", "live"), (sent.Kind, sent.Organization, sent.Environment));
        Assert.Equal(["read", "write"], sent.Scopes!);
        Assert.Equal(["https://a.test"], sent.AllowedOrigins!);
        Assert.Equal(new DateTimeOffset(2026, 1, 15, 12, 30, 0, TimeSpan.Zero), sent.ExpiresAt);
    }

    [Fact]
    public async Task Create_ToAFile_PrintsNoKey()
    {
        var result = (await _cli.RunAsync("key", "create", "--organization", "acme", "--out", "the-key", "--json")).Exits(0);

        Assert.DoesNotContain(Value, result.Out + result.Error, StringComparison.Ordinal);
        Assert.Equal(Value + "\n", _cli.Read("the-key"));
        Assert.Equal("key-1", result.Json["key"]!["id"]!.GetValue<string>());
        (await _cli.RunAsync("key", "create", "--organization", "acme", "--out", "the-key")).Exits(2);
        Assert.Single(_server.Calls.Items);
    }

    [Fact]
    public async Task Create_Offline_MakesAnEntryThatABundleTakes()
    {
        var result = (await _cli.RunAsync("key", "create", "--offline", "--organization", "acme", "--plan", "gold", "--id", "billing", "--json")).Exits(0);

        var value = result.Json["value"]!.GetValue<string>();
        Assert.True(ApiKeyText.IsWellFormed(value));
        Assert.Equal(ApiKeyText.DigestText(value), result.Json["entry"]!["sha256"]!.GetValue<string>());
        Assert.Empty(_server.Calls.Items);

        var text = (await _cli.RunAsync("key", "create", "--offline", "--organization", "acme")).Exits(0).Out;
        _cli.Write("policies.yaml", "format: edgeguard/v1\npolicies: []\n" + text[text.IndexOf("api_keys:", StringComparison.Ordinal)..]);
        (await _cli.RunAsync("validate", "policies.yaml")).Exits(0);
    }

    [Theory]
    [InlineData(1, "key", "create", "--offline", "--organization", "acme", "--kind", "publishable")]
    [InlineData(2, "key", "create", "--organization", "acme", "--kind", "admin")]
    [InlineData(2, "key", "create", "--organization", "acme", "--environment", "prod")]
    [InlineData(2, "key", "create", "--organization", "acme", "--id", "mine")]
    [InlineData(2, "key", "create")]
    [InlineData(2, "key", "rotate", "key-1", "--overlap", "91d")]
    [InlineData(2, "key", "revoke", "key-1", "--reason", "x")]
    [InlineData(2, "key", "revoke", "key-1", "--yes")]
    public async Task WrongUsage_CallsNobody(int exitCode, params string[] args)
    {
        (await _cli.RunAsync(args)).Exits(exitCode);

        Assert.Empty(_server.Calls.Items);
    }

    [Fact]
    public async Task List_ShowsNoEscapeSequences_AndAllAsksForAll()
    {
        var result = (await _cli.RunAsync("key", "list", "--all")).Exits(0);

        Assert.Contains("acme?[2J", result.Out, StringComparison.Ordinal);
        Assert.Contains("2/3", result.Out, StringComparison.Ordinal);
        Assert.Equal("GET " + ApiRoutes.ApiKeys + "?all=true", _server.Calls.Items[^1].Call);
    }

    [Fact]
    public async Task Rotate_SaysUntilWhenTheKeyBeforeIsValid()
    {
        var result = (await _cli.RunAsync("key", "rotate", "key-1", "--overlap", "7d")).Exits(0);

        Assert.Equal(Value + "\n", result.Out);
        Assert.Contains("1970-01-01T00:00:00Z", result.Error, StringComparison.Ordinal);
        Assert.Contains("604800", _server.Calls.Items[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_SendsTheReason()
    {
        (await _cli.RunAsync("key", "revoke", "key-1", "--reason", "leaked by us", "--yes")).Exits(0);

        Assert.Equal($"DELETE {ApiRoutes.ApiKeys}/key-1?reason=leaked%20by%20us", _server.Calls.Items[^1].Call);
    }
}
