using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Conformance.Tests.Doors;
using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Gateways;

/// <summary>The configurations of <c>deploy/gateways</c>, in the real gateways: what their clients and applications see.</summary>
public sealed partial class GatewayTests
{
    private static readonly string Key = ApiKeyText.Create(isPublishable: false, "live");

    public static TheoryData<string> All => [nameof(Door.Nginx), nameof(Door.NginxLua), nameof(Door.HAProxy), nameof(Door.Caddy)];

    internal static string Bundle => $$"""
        format: edgeguard/v1
        bundle_version: 2
        api_keys:
          - {id: ours, kind: secret, organization: acme, sha256: {{ApiKeyText.DigestText(Key)}} }
        kill_switches:
          - {scope_key: 'header:x-tenant', scope_value: stopped, status: 403}
        policies:
          - id: limited
            spec:
              selector: {pathPrefix: /limited/}
              rules:
                - {name: r, limit_keys: ['header:x-tenant'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 2} }
          - id: shadowed
            spec:
              selector: {pathPrefix: /shadowed/}
              mode: shadow
              rules:
                - {name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1} }
          - id: known
            spec:
              selector: {pathPrefix: /known/}
              identity: required
              identity_options: {forward_headers: {x-user-id: 'key:id'} }
              rules:
                - {name: r, limit_keys: ['key:id'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 9} }
        """;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Gateway_AsShipped_AnswersAsTheEdgeDecides(string name)
    {
        var kind = Enum.Parse<Door>(name);
        Assert.SkipUnless(GatewayProgram.Obstacle(kind).Length == 0, GatewayProgram.Obstacle(kind));
        await using var edge = await CaseEdge.StartAsync(trusted: true, onSocket: true);
        Assert.DoesNotContain(await edge.ActivateAsync(Encoding.UTF8.GetBytes(Bundle)), problem => problem.Severity == Severity.Error);
        edge.Upstream.Record = true;
        await using var gateway = await RunningGateway.StartAsync(kind, edge);
        try
        {
            await LimitsAreToldAsync(gateway.Client);
            await RefusalsKeepStatusAndReasonAsync(gateway.Client, edge);
            await ShadowsRefuseNothingAsync(gateway.Client);
            await IdentityComesFromTheEdgeOnlyAsync(gateway.Client, edge);
            await LargeBodiesAreRefusedAsync(gateway.Client, edge);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{failure.Message}\n{gateway.Said}", failure);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Gateway_WithoutAnEdge_RefusesEverything(string name)
    {
        var kind = Enum.Parse<Door>(name);
        Assert.SkipUnless(GatewayProgram.Obstacle(kind).Length == 0, GatewayProgram.Obstacle(kind));
        using var folder = new TempFolder();
        await using var upstream = await FakeUpstream.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(kind, folder.Combine("nobody.sock"), upstream.Address);
        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative));

        Assert.Equal(kind == Door.Caddy ? HttpStatusCode.BadGateway : HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(0, upstream.Count);
    }

    [Theory]
    [InlineData("Nginx", "nginx.md", 0)]
    [InlineData("NginxLua", "nginx.md", 1)]
    [InlineData("HAProxy", "haproxy.md", 0)]
    public async Task Gateway_OpenedAsItsPageSays_ForwardsWithoutAnEdge(string name, string page, int change)
    {
        var kind = Enum.Parse<Door>(name);
        Assert.SkipUnless(GatewayProgram.Obstacle(kind).Length == 0, GatewayProgram.Obstacle(kind));
        var blocks = Blocks(page);
        var (from, to) = (blocks[change * 2], blocks[(change * 2) + 1]);
        var changed = 0;
        string Open(string text)
        {
            changed += text.Contains(from, StringComparison.Ordinal) ? 1 : 0;
            return text.Replace(from, to, StringComparison.Ordinal);
        }

        using var folder = new TempFolder();
        await using var upstream = await FakeUpstream.StartAsync();
        await using var gateway = await RunningGateway.StartAsync(kind, folder.Combine("nobody.sock"), upstream.Address, Open);
        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative));

        Assert.Equal(1, changed);
        Assert.Equal("hello", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Code blocks of a gateway's page.</summary>
    internal static string[] Blocks(string page) =>
        [.. CodeBlock().Matches(File.ReadAllText(RepositoryRoot.Combine("docs", "gateways", page))).Select(match => match.Groups["text"].Value)];

    internal static async Task LimitsAreToldAsync(HttpClient client)
    {
        using var first = await SendAsync(client, "/limited/a?x=%2e", ("x-tenant", "a"));
        using var second = await SendAsync(client, "/limited/a", ("x-tenant", "a"));
        using var third = await SendAsync(client, "/limited/a", ("x-tenant", "a"));
        var problem = JsonNode.Parse(await third.Content.ReadAsStringAsync())!;

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode, third.StatusCode));
        Assert.Equal("\"limited\";r=1;t=1", AnswerCheck.Header(first, "RateLimit"));
        Assert.Equal("\"limited\";q=2;w=2", AnswerCheck.Header(first, "RateLimit-Policy"));
        Assert.NotNull(AnswerCheck.Header(first, "X-EdgeGuard-Decision-Id"));
        Assert.Equal("\"limited\";r=0;t=2", AnswerCheck.Header(third, "RateLimit"));
        Assert.Equal("1", AnswerCheck.Header(third, "Retry-After"));
        Assert.Equal("token_bucket_exceeded", AnswerCheck.Header(third, "X-EdgeGuard-Reason"));
        Assert.Equal("application/problem+json", AnswerCheck.Header(third, "Content-Type"));
        Assert.Equal((429, "token_bucket_exceeded"), ((int)problem["status"]!, (string)problem["reason"]!));
        Assert.Equal(AnswerCheck.Header(third, "X-EdgeGuard-Decision-Id"), (string)problem["decision_id"]!);
    }

    internal static async Task RefusalsKeepStatusAndReasonAsync(HttpClient client, CaseEdge edge)
    {
        var before = edge.Upstream.Count;
        using var killed = await SendAsync(client, "/any", ("x-tenant", "stopped"));
        using var unknown = await SendAsync(client, "/known/a");
        using var invalid = await SendAsync(client, "/known/a", ("x-api-key", Key[..^1] + (Key[^1] == 'a' ? 'b' : 'a')));
        using var lacking = await SendAsync(client, "/limited/a");

        Assert.Equal((HttpStatusCode.Forbidden, "kill_switch"), (killed.StatusCode, AnswerCheck.Header(killed, "X-EdgeGuard-Reason")));
        Assert.Equal((HttpStatusCode.Unauthorized, "identity_required"), (unknown.StatusCode, AnswerCheck.Header(unknown, "X-EdgeGuard-Reason")));
        Assert.NotNull(AnswerCheck.Header(unknown, "WWW-Authenticate"));
        Assert.Equal((HttpStatusCode.Unauthorized, "identity_invalid"), (invalid.StatusCode, AnswerCheck.Header(invalid, "X-EdgeGuard-Reason")));
        Assert.Equal((HttpStatusCode.Forbidden, "descriptor_missing"), (lacking.StatusCode, AnswerCheck.Header(lacking, "X-EdgeGuard-Reason")));
        Assert.Equal(before, edge.Upstream.Count);
    }

    internal static async Task ShadowsRefuseNothingAsync(HttpClient client)
    {
        for (var i = 0; i < 3; i++)
        {
            using var answer = await SendAsync(client, "/shadowed/a");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    internal static async Task IdentityComesFromTheEdgeOnlyAsync(HttpClient client, CaseEdge edge)
    {
        (string, string)[] forged = [("x-user-id", "root"), ("x-original-uri", "/any"), ("x-original-method", "GET"), ("x-edgeguard-decision", "allow")];
        using var known = await SendAsync(client, "/known/a?b=c", [("x-api-key", Key), .. forged]);
        var told = edge.Upstream.Received.Items[^1];
        using var anybody = await SendAsync(client, "/any", forged);
        var plain = edge.Upstream.Received.Items[^1];
        using var still = await SendAsync(client, "/known/a", forged);

        Assert.Equal(("/known/a?b=c", "ours"), (told.RawTarget, told.Headers["X-User-Id"]));
        Assert.Equal("/any", plain.RawTarget);
        foreach (var request in (ReceivedRequest[])[told, plain])
        {
            Assert.DoesNotContain("X-Original-URI", request.Headers.Keys, StringComparer.OrdinalIgnoreCase);
            Assert.DoesNotContain("X-EdgeGuard-Decision", request.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        }

        Assert.DoesNotContain("X-User-Id", plain.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.Unauthorized, still.StatusCode);
    }

    // Some hang up on a client that goes on sending, which may then see that before the answer.
    private static async Task LargeBodiesAreRefusedAsync(HttpClient client, CaseEdge edge)
    {
        var before = edge.Upstream.Received.Items.Count(request => request.Body.Length > 0);
        using var small = await client.PostAsync(new Uri("/any", UriKind.Relative), new StringContent("hello"));
        foreach (var isChunked in (bool[])[false, true])
        {
            try
            {
                using var question = new HttpRequestMessage(HttpMethod.Post, "/any") { Content = new ByteArrayContent(new byte[11 * 1024 * 1024]) };
                question.Headers.TransferEncodingChunked = isChunked;
                using var large = await client.SendAsync(question);
                Assert.True(large.StatusCode is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.BadGateway, large.StatusCode.ToString());
            }
            catch (HttpRequestException)
            {
                // Hung up on; that the application has got nothing is what counts.
            }
        }

        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal(before + 1, edge.Upstream.Received.Items.Count(request => request.Body.Length > 0));
    }

    [GeneratedRegex("^```\n(?<text>.*?\n)```$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 30_000)]
    private static partial Regex CodeBlock();

    internal static Task<HttpResponseMessage> SendAsync(HttpClient client, string target, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(client.BaseAddress!.AbsoluteUri.TrimEnd('/') + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return client.SendAsync(request);
    }
}
