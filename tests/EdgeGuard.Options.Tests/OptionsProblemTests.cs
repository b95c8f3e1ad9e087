namespace EdgeGuard.Options.Tests;

public sealed class OptionsProblemTests
{
    [Theory]
    [InlineData("EDGEGUARD_EGDE_ID", "x", "EDGEGUARD_EDGE_ID")]
    [InlineData("EDGEGUARD_LISTEN_PROXY", "x", "EDGEGUARD_LISTEN__PROXY")]
    [InlineData("EDGEGUARD_CP_LISTN", "x", "EDGEGUARD_CP_LISTEN")]
    [InlineData("EDGEGUARD_TOKN", "x", "EDGEGUARD_TOKEN")]
    public void UnknownVariable_NearAKnownOne_IsRefusedWithSuggestion(string name, string value, string expected)
    {
        var problem = Assert.Single(OptionsInput.ValidEdge().WithVariable(name, value).LoadEdge().Diagnostics);

        Assert.Equal("EG3002", problem.Code);
        Assert.Equal(name, problem.Location.ToString());
        Assert.Equal($"did you mean {expected}?", problem.Fix);
    }

    [Theory]
    [InlineData("EDGEGUARD_CP_LISTEN", "127.0.0.1:1")]
    [InlineData("EDGEGUARD_CP_CONFIG", "x.yaml")]
    [InlineData("EDGEGUARD_TOKEN_FILE", "x")]
    [InlineData("EDGEGUARD_SERVICE_HOST", "10.0.0.7")]
    [InlineData("EDGEGUARD_EDGE_SERVICE_PORT_HTTP", "8080")]
    [InlineData("EDGEGUARD_PORT", "tcp://10.0.0.7:8080")]
    [InlineData("EDGEGUARD_PORT_8080_TCP_ADDR", "10.0.0.7")]
    [InlineData("EDGEGUARD_EDGE_ID", "")]
    [InlineData("EDGEGUARDIAN", "another product")]
    public void Variable_OfOthersOrEmpty_IsTolerated(string name, string value) =>
        Assert.Empty(OptionsInput.ValidEdge().WithVariable(name, value).LoadEdge().Diagnostics);

    [Theory]
    [InlineData("--listen.proxi", "did you mean --listen.proxy?")]
    [InlineData("--budnle", "did you mean --bundle?")]
    [InlineData("--zzzzzzzzzzzzzzzz", "docs/configuration.md lists every flag")]
    public void UnknownFlag_IsRefusedWithSuggestion(string flag, string fix)
    {
        var problem = Assert.Single(OptionsInput.ValidEdge().WithFlags(flag, "value").LoadEdge().Diagnostics);

        Assert.Equal("EG3003", problem.Code);
        Assert.Equal(flag, problem.Location.ToString());
        Assert.Equal(fix, problem.Fix);
    }

    [Fact]
    public void UnknownKeys_InFile_HavePlaceAndSuggestion()
    {
        var result = OptionsInput.ValidEdge().WithFile("edgeguard.yaml", "edge_id: e\nlisten:\n  proxi: off\nbundel:\n  accept: [peer]\n").LoadEdge();

        Assert.Equal(["EG3001", "EG3001"], result.Diagnostics.Select(problem => problem.Code));
        Assert.Equal("edgeguard.yaml:3:3", result.Diagnostics[0].Location.ToString());
        Assert.Equal("did you mean `listen.proxy`?", result.Diagnostics[0].Fix);
        Assert.Equal("edgeguard.yaml:4:1", result.Diagnostics[1].Location.ToString());
        Assert.Equal("did you mean `bundle`?", result.Diagnostics[1].Fix);
    }

    [Fact]
    public void MalformedYaml_IsRefusedWithPlace()
    {
        var result = OptionsInput.ValidEdge().WithFile("edgeguard.yaml", "listen:\n  proxy: [1, 2\nedge_id: x\n").LoadEdge();

        Assert.Null(result.Options);
        Assert.StartsWith("edgeguard.yaml:", result.Diagnostics[0].Location.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EDGEGUARD_LISTEN__PROXY", "8080", "EG3004")]
    [InlineData("EDGEGUARD_LISTEN__PROXY", "host.example:80", "EG3004")]
    [InlineData("EDGEGUARD_LISTEN__PROXY", "1.2.3.4:65536", "EG3004")]
    [InlineData("EDGEGUARD_LISTEN__PROXY", "unix:relative", "EG3004")]
    [InlineData("EDGEGUARD_COUNTERS__MEMORY", "64MB", "EG3004")]
    [InlineData("EDGEGUARD_COUNTERS__MEMORY", "1KiB", "EG3005")]
    [InlineData("EDGEGUARD_COUNTERS__MEMORY", "99999999999GiB", "EG3004")]
    [InlineData("EDGEGUARD_TELEMETRY__INTERVAL", "10", "EG3004")]
    [InlineData("EDGEGUARD_TELEMETRY__INTERVAL", "2h", "EG3005")]
    [InlineData("EDGEGUARD_BUNDLE__MIN_VERSION", "-1", "EG3005")]
    [InlineData("EDGEGUARD_BUNDLE__MIN_VERSION", "1.5", "EG3004")]
    [InlineData("EDGEGUARD_BUNDLE__ACCEPT", "peer,anything", "EG3004")]
    [InlineData("EDGEGUARD_HEADERS__LEGACY_RATELIMIT", "yes", "EG3004")]
    [InlineData("EDGEGUARD_HEADERS__PREFIX", "X Bad:", "EG3004")]
    [InlineData("EDGEGUARD_TRUSTED_PROXIES", "10.0.0.0/33", "EG3004")]
    [InlineData("EDGEGUARD_CLUSTERS__DEFAULT__DESTINATIONS", "ftp://x", "EG3004")]
    [InlineData("EDGEGUARD_CLUSTERS__DEFAULT__DESTINATIONS", "http://user:pw@x", "EG3004")]
    [InlineData("EDGEGUARD_CLUSTERS__DEFAULT__TIMEOUT", "1ms", "EG3005")]
    [InlineData("EDGEGUARD_JWT_VERIFICATION", "maybe", "EG3004")]
    [InlineData("EDGEGUARD_LOG__LEVEL", "loud", "EG3004")]
    public void WrongValue_IsRefusedNamingTheVariable(string name, string value, string code)
    {
        var problem = Assert.Single(OptionsInput.ValidEdge().WithVariable(name, value).LoadEdge().Diagnostics);

        Assert.Equal(code, problem.Code);
        Assert.Equal(name, problem.Location.ToString());
        Assert.Contains(value.Split(',')[^1], problem.Message, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Fix);
    }

    [Fact]
    public void Problems_OfAllSources_AreToldAtOnce()
    {
        var result = OptionsInput.ValidEdge().WithFile("edgeguard.yaml", "log:\n  level: loud\n")
            .WithVariable("EDGEGUARD_COUNTERS__MEMORY", "much").WithFlags("--state", "gone", "--edge-token", "egt_secret", "stray").LoadEdge();

        Assert.Equal(["EG3009", "EG3010", "EG3004", "EG3004", "EG3004"], result.Diagnostics.Select(problem => problem.Code));
        Assert.DoesNotContain(result.Diagnostics, problem => problem.ToString().Contains("egt_secret", StringComparison.Ordinal));
        Assert.Contains(result.Diagnostics, problem => problem.Location.ToString() == "edgeguard.yaml:2:10");
    }

    [Fact]
    public void Secret_GivenTwiceOrUnreadable_IsRefusedWithoutValue()
    {
        var result = OptionsInput.ValidEdge().WithVariable("EDGEGUARD_EDGE_TOKEN", "hush").WithVariable("EDGEGUARD_EDGE_TOKEN_FILE", "t")
            .WithFile("t", "hush").WithVariable("EDGEGUARD_SIGNING_KEY_FILE", "nowhere")
            .WithVariable("EDGEGUARD_DECISION__SHARED_SECRET_FILE", "empty").WithFile("empty", "\n").LoadEdge();

        Assert.Equal(["EG3008", "EG3007", "EG3007"], result.Diagnostics.Select(problem => problem.Code));
        Assert.DoesNotContain(result.Diagnostics, problem => problem.ToString().Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public void Flag_WithoutValue_IsRefused()
    {
        var result = OptionsInput.ValidEdge().WithFlags("--state-dir", "--headers.legacy-ratelimit").LoadEdge();

        Assert.Equal("EG3010", Assert.Single(result.Diagnostics).Code);
    }
}
