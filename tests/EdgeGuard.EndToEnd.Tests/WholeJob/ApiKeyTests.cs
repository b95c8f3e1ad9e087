using System.Text.Json;
using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.WholeJob;

/// <summary>An API key from the CLI to an edge and back, through the three real processes.</summary>
public sealed class ApiKeyTests
{
    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        api_keys: []
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /v1/}
              identity: required
              rules:
                - name: by-plan
                  limit_keys: ["key:org", "key:plan"]
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1000, burst: 1000}
        """;

    [Fact]
    public async Task Key_MadeUsedRotatedAndRevoked_NoGoodRequestIsRefusedAndNoBadOnePasses()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await fleet.StartEdgeAsync();
        await fleet.PushAsync(Bundle);
        (await fleet.Proxy.GetAsync("/v1/a")).AssertRefused(401, "identity_required");

        (string id, string key) = Read(await fleet.Cli.JsonAsync("key", "create", "--organization", "acme", "--plan", "gold"));
        await PassesAsync(fleet, key);
        (await fleet.Proxy.GetAsync("/v1/a", token: key)).AssertPassed();

        (string nextId, string next) = Read(await fleet.Cli.JsonAsync("key", "rotate", id, "--overlap", "1h"));
        await PassesAsync(fleet, next);
        (await fleet.Proxy.GetAsync("/v1/a", key)).AssertPassed();

        await fleet.Cli.OutputAsync("key", "revoke", nextId, "--reason", "leaked", "--yes");
        await RefusedAsync(fleet, next);
        (await fleet.Proxy.GetAsync("/v1/a", key)).AssertPassed();

        await fleet.Cli.OutputAsync("revoke", "add", "organization=acme", "--reason", "test", "--yes");
        await RefusedAsync(fleet, key);

        // The control plane is gone, and the edge starts anew: what was revoked stays so.
        await fleet.ControlPlane.StopAsync();
        await fleet.RestartEdgeAsync();
        (await fleet.Proxy.GetAsync("/v1/a", key)).AssertRefused(401, "identity_invalid");
        (await fleet.Proxy.GetAsync("/v1/a", next)).AssertRefused(401, "identity_invalid");
    }

    private static (string Id, string Value) Read(JsonElement made) =>
        (made.GetProperty("key").GetProperty("id").GetString()!, made.GetProperty("value").GetString()!);

    private static Task PassesAsync(TestFleet fleet, string key) =>
        Eventually.TrueAsync(async () => (await fleet.Proxy.GetAsync("/v1/a", key)).Status == 200, what: "the key passes");

    private static Task RefusedAsync(TestFleet fleet, string key) =>
        Eventually.TrueAsync(async () => (await fleet.Proxy.GetAsync("/v1/a", key)).Reason == "identity_invalid", what: "the key is refused");
}
