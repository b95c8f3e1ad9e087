using System.Text.Json.Nodes;
using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.Privacy;

/// <summary>What leaves an edge: everything that it sends to its control plane is read, and nothing of its traffic is found in it.</summary>
public sealed class EgressTests
{
    private const string Bundle = """
        policies:
          - id: tenants
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - name: per-organization
                  limit_keys: ["jwt:org", "header:x-tenant"]
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 0.01, burst: 3}
          - id: by-key
            spec:
              selector: {pathPrefix: /v2/}
              rules:
                - name: per-key
                  limit_keys: ["header:x-api-key", "query:card"]
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 0.01, burst: 3}
        """;

    [Fact]
    public async Task Egress_OfTrafficFullOfPersonalData_HoldsNoneOfIt()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        using TestCertificates certificates = new("EdgeGuard relay authority");
        string relayCa = fleet.Folder.Write("relay-ca.pem", certificates.AuthorityPem + "\n");
        await using RecordingRelay relay = await RecordingRelay.StartAsync(
            fleet.ControlPlane.Url, fleet.Cli.Environment["EDGEGUARD_CA"], certificates.IssueServer());
        await fleet.StartEdgeAsync(settings => settings with
        {
            ControlPlaneUrl = relay.Address.GetLeftPart(UriPartial.Authority),
            CaFile = relayCa,
            More = new Dictionary<string, string>(settings.More, StringComparer.Ordinal) { ["TRUSTED_PROXIES"] = "127.0.0.1/32" },
        });
        await fleet.PushAsync(SampleBundles.PerOrganization(fleet.Jwks.Issuer, fleet.Jwks.KeySetUrl).Split("policies:")[0] + Bundle);

        string token = fleet.Jwks.Issue(new JsonObject
        {
            ["aud"] = "api",
            ["sub"] = PersonalData.Email,
            ["org"] = PersonalData.Tenant,
            ["name"] = PersonalData.Name,
            ["phone"] = PersonalData.Phone,
        });
        for (int i = 0; i < 6; i++)
        {
            await SendAsync(fleet, $"/v1/{PersonalData.PathPart}?card={PersonalData.Query}&mail={Uri.EscapeDataString(PersonalData.Email)}", token);
            await SendAsync(fleet, $"/v2/{PersonalData.PathPart}?card={PersonalData.Query}", token);
            await SendAsync(fleet, $"/{PersonalData.PathPart}", token);
            await SendAsync(fleet, $"/v1/{PersonalData.PathPart}", token[..^4] + "AAAA");
        }

        await fleet.Cli.OutputAsync(
            "kill", "add", $"header:x-tenant={PersonalData.Tenant}", "--reason", "incident", "--id", "local-1", "--local", "--yes");
        await SendAsync(fleet, "/v1/a", token);
        Assert.Contains("token_bucket_exceeded", fleet.Proxy.Decided.Keys);
        Assert.Contains("identity_invalid", fleet.Proxy.Decided.Keys);
        Assert.Contains("kill_switch", fleet.Proxy.Decided.Keys);

        // All of it has been sent when the control plane has counted all of it.
        await fleet.AssertCountedAsync(fleet.Proxy.Decided);
        await fleet.Edge.StopAsync();
        AssertClean(relay.Requests.Items, PersonalData.All(token));
    }

    private static void AssertClean(IReadOnlyList<RecordedRequest> requests, IReadOnlyList<string> values)
    {
        Assert.Contains(requests, request => request.Target == "/edge/v1/telemetry" && request.Protocol == "HTTP/2" && request.Body.Length > 0);
        Assert.Contains(requests, request => request.Target == "/edge/v1/stream");
        List<string> found = [];
        foreach (string value in values)
        {
            foreach ((string form, string text) in PersonalData.Forms(value))
            {
                found.AddRange(requests.Where(request => request.Text.Contains(text, StringComparison.OrdinalIgnoreCase))
                    .Select(request => $"{value} ({form}) in {request.Method} {request.Target}:\n{request.Text}"));
            }
        }

        Assert.True(found.Count == 0, string.Join("\n\n", found.Take(5)));
    }

    [Fact]
    public void Search_OfARequestThatHoldsPersonalData_FindsIt()
    {
        RecordedRequest leaking = new("POST", "/edge/v1/telemetry", "HTTP/2", "x: y", System.Text.Encoding.UTF8.GetBytes(Uri.EscapeDataString(PersonalData.Email)));
        RecordedRequest stream = new("GET", "/edge/v1/stream", "HTTP/2", "x: y", []);
        Assert.ThrowsAny<Exception>(() => AssertClean([leaking, stream], PersonalData.All("token-one.token-two.token-three")));
    }

    private static async Task SendAsync(TestFleet fleet, string path, string token)
        => await fleet.Proxy.GetAsync(
            path,
            PersonalData.ApiKey,
            token,
            ("User-Agent", PersonalData.UserAgent),
            ("X-Forwarded-For", PersonalData.Address),
            ("Cookie", $"sid={PersonalData.Cookie}"),
            ("X-Tenant", PersonalData.Tenant),
            ("Host", PersonalData.Host),
            ("From", PersonalData.Email),
            ("X-Password", PersonalData.Password),
            ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
}
