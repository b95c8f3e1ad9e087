using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Tests.Api;

public sealed class ControlPlaneApiTests : IDisposable
{
    private readonly CliSession _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Connect_RightToken_IsRememberedPrivatelyAndUsed()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.Answer("GET " + ApiRoutes.Edges, (IReadOnlyList<EdgeInfo>)[], ContractsJson.Default.IReadOnlyListEdgeInfo);
        _cli.Write("ca.pem", server.AuthorityPem);

        var result = (await _cli.RunWithInputAsync(FakeControlPlane.Token + "\n", "connect", server.Url, "--token-file", "-", "--ca", "ca.pem")).Exits(0);

        Assert.StartsWith($"connected to {server.Url} as ann@example.com, admin of acme (eu)\n", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeControlPlane.Token, result.Out + result.Error, StringComparison.Ordinal);
        var stored = _cli.PathOf("config/edgeguard/context.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(stored));

        File.Delete(_cli.PathOf("ca.pem"));
        (await _cli.RunAsync("edge", "list")).Exits(0);
        Assert.Equal("HTTP/2", server.Calls.Items[^1].Protocol);
    }

    [Fact]
    public async Task Connect_WrongToken_IsRefusedAndNotRemembered()
    {
        await using var server = await FakeControlPlane.StartAsync();
        _cli.Write("ca.pem", server.AuthorityPem);
        _cli.Write("token", "egu_wrong");

        var result = (await _cli.RunAsync("connect", server.Url, "--token-file", "token", "--ca", "ca.pem")).Exits(4);

        Assert.Equal(
            $"{server.Url} error EG5008 the control plane does not accept the token\n" +
            "  fix: it may have expired or been revoked: get a new one and run `edgeguard connect` again        docs/errors/EG5008.md\n",
            result.Error);
        Assert.False(File.Exists(_cli.PathOf("config/edgeguard/context.json")));
    }

    [Fact]
    public async Task Call_NobodyThere_IsUnreachable()
    {
        _cli.Environment["EDGEGUARD_URL"] = "https://127.0.0.1:1";
        _cli.Environment["EDGEGUARD_TOKEN"] = "egu_any";

        var result = (await _cli.RunAsync("status")).Exits(3);

        Assert.Equal(
            "https://127.0.0.1:1 error EG5006 the control plane cannot be reached: connection refused\n" +
            "  fix: check the address, that the control plane runs and that no firewall is between; edges go on without it        docs/errors/EG5006.md\n",
            result.Error);
    }

    [Fact]
    public async Task Call_NoContext_SaysHowToConnect()
    {
        var result = (await _cli.RunAsync("status")).Exits(2);

        Assert.StartsWith("error EG5005 no control plane is known\n  fix: run `edgeguard connect URL", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_AuthorityNotNamed_IsNotTrustedAndSendsNothing()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.Configure(_cli);
        _cli.Environment.Remove("EDGEGUARD_CA");

        Assert.Contains("EG5007", (await _cli.RunAsync("status")).Exits(3).Error, StringComparison.Ordinal);
        Assert.Empty(server.Calls.Items);
    }

    [Fact]
    public async Task Call_AnotherAuthority_IsNotTrusted()
    {
        await using var server = await FakeControlPlane.StartAsync();
        await using var other = await FakeControlPlane.StartAsync();
        server.Configure(_cli);
        _cli.Write("ca.pem", other.AuthorityPem);

        Assert.Contains("not from a trusted authority", (await _cli.RunAsync("status")).Exits(3).Error, StringComparison.Ordinal);
        Assert.Empty(server.Calls.Items);
    }

    [Fact]
    public async Task Call_CertificateForAnotherName_IsNotTrusted()
    {
        await using var server = await FakeControlPlane.StartAsync("elsewhere.example");
        server.Configure(_cli);

        Assert.Contains("its certificate is for another name", (await _cli.RunAsync("status")).Exits(3).Error, StringComparison.Ordinal);
        Assert.Empty(server.Calls.Items);
    }

    [Fact]
    public async Task Call_StoredTokenAndOtherAddress_IsNotSentThere()
    {
        await using var server = await FakeControlPlane.StartAsync();
        await using var other = await FakeControlPlane.StartAsync();
        _cli.Write("ca.pem", server.AuthorityPem);
        _cli.Write("token", FakeControlPlane.Token);
        await _cli.RunAsync("connect", server.Url, "--token-file", "token", "--ca", "ca.pem");
        _cli.Environment["EDGEGUARD_URL"] = other.Url;

        var result = (await _cli.RunAsync("status")).Exits(2);

        Assert.Contains("EG5005 no token is known for " + other.Url, result.Error, StringComparison.Ordinal);
        Assert.Empty(other.Calls.Items);
    }

    [Fact]
    public async Task Call_SomethingElseAnswers_IsUnexpected()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.Configure(_cli);
        server.AnswerText("GET " + ApiRoutes.Status, 502, "<html>");
        Assert.Contains("EG5009 unexpected answer: 502 without problem details", (await _cli.RunAsync("status")).Exits(3).Error, StringComparison.Ordinal);

        server.AnswerText("GET " + ApiRoutes.Status, 200, "<html>");
        Assert.Contains("EG5009 unexpected answer: 200", (await _cli.RunAsync("status")).Exits(3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ForbiddenOrDown_MapsCodeAndExit()
    {
        await using var server = await FakeControlPlane.StartAsync();
        server.Configure(_cli);
        server.Refuse("GET " + ApiRoutes.Status, new Problem { Title = "Not allowed", Status = 403, Code = "EG6002", Detail = "Role viewer may not." });
        Assert.Equal(
            $"{server.Url} error EG6002 Not allowed: Role viewer may not.\n  docs/errors/EG6002.md\n", (await _cli.RunAsync("status")).Exits(4).Error);

        server.Refuse("GET " + ApiRoutes.Status, new Problem { Title = "Database down", Status = 503, Code = "EG6009" });
        (await _cli.RunAsync("status")).Exits(3);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8443")]
    [InlineData("https://user:pw@host")]
    [InlineData("https://host/path")]
    [InlineData("control.example")]
    public async Task Connect_OddAddress_IsUsage(string url)
    {
        _cli.Write("token", "egu_x");
        var result = (await _cli.RunAsync("connect", url, "--token-file", "token")).Exits(2);

        Assert.Contains("EG5015", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("pw", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Context_Damaged_SaysSo()
    {
        Directory.CreateDirectory(_cli.PathOf("config/edgeguard"));
        _cli.Write("config/edgeguard/context.json", "{\"url\":1}");

        Assert.Contains("EG5016", (await _cli.RunAsync("status")).Exits(2).Error, StringComparison.Ordinal);
    }
}
