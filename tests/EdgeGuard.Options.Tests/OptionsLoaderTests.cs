namespace EdgeGuard.Options.Tests;

public sealed class OptionsLoaderTests
{
    [Fact]
    public void LoadEdge_NothingButUpstream_GivesDefaultsOfTheRecord()
    {
        var result = OptionsInput.ValidEdge().LoadEdge();

        Assert.Empty(result.Diagnostics);
        var expected = new EdgeOptions { Clusters = result.Options!.Clusters };
        Assert.Equivalent(expected, result.Options);
        Assert.Equal("http://127.0.0.1:9000", Assert.Single(result.Options.Clusters["default"].Destinations));
        Assert.Equal(TimeSpan.FromSeconds(60), result.Options.Clusters["default"].Timeout);
    }

    [Fact]
    public void LoadControlPlane_Nothing_GivesDefaultsOfTheRecord()
    {
        var result = new OptionsInput().LoadControlPlane();

        Assert.Empty(result.Diagnostics);
        Assert.Equivalent(new ControlPlaneOptions(), result.Options);
    }

    [Fact]
    public void LoadEdge_SameKeyEverywhere_FlagBeatsEnvironmentBeatsFileBeatsDefault()
    {
        var input = OptionsInput.ValidEdge();
        Assert.Equal("0.0.0.0:8080", input.LoadEdge().Options!.Listen.Proxy);

        input.WithFile("edgeguard.yaml", "listen:\n  proxy: 127.0.0.1:1\n");
        Assert.Equal("127.0.0.1:1", input.LoadEdge().Options!.Listen.Proxy);

        input.WithVariable("EDGEGUARD_LISTEN__PROXY", "127.0.0.1:2");
        Assert.Equal("127.0.0.1:2", input.LoadEdge().Options!.Listen.Proxy);

        input.WithFlags("--listen.proxy", "127.0.0.1:3");
        var last = input.LoadEdge();
        Assert.Equal("127.0.0.1:3", last.Options!.Listen.Proxy);
        Assert.Contains(new EffectiveOption("listen.proxy", "127.0.0.1:3", "--listen.proxy"), last.Effective);
    }

    [Fact]
    public void LoadEdge_WholeFile_IsBound()
    {
        var result = new OptionsInput().WithFile("edgeguard.yaml", """
            edge_id: edge-1
            edge_token_file: /run/secrets/token
            control_plane_url: https://control.example:8443
            control_plane_ca_file: /etc/ca.pem
            signing_key_file: /run/secrets/key
            state_dir: /srv/state
            state: ephemeral
            listen:
              proxy: "[::1]:8080"
              decision: unix:/run/edgeguard/decision.sock
              decision_http2: off
              probes: 127.0.0.1:0
              admin_socket: /run/edgeguard/admin.sock
            clusters:
              default:
                destinations: [http://10.0.0.1:80, https://b.example]
                timeout: 1m30s
              blue-green:
                destinations: http://10.0.0.2:80
            bundle:
              accept: [peer, unsigned]
              min_version: 7
              on_expiry: deny
            counters:
              memory: 1GiB
            trusted_proxies: [10.0.0.0/8, 192.0.2.1, 2001:db8::1, unix]
            jwt_verification: off
            fetch:
              allowed_hosts: [keys.example]
            references:
              env: [API_KEY]
              files: [/etc/edgeguard/]
            headers:
              prefix: X-Fairvisor-
              legacy_ratelimit: false
            decision:
              shared_secret: s3cret
            telemetry:
              interval: 2s
            log:
              level: debug
            """).WithFile("/run/secrets/token", "egt_abc\n").WithFile("/run/secrets/key", OptionsInput.Key + "\n").LoadEdge();

        Assert.Empty(result.Diagnostics);
        var options = result.Options!;
        Assert.Equal("egt_abc", options.EdgeToken!.Reveal());
        Assert.Equal(OptionsInput.Key, options.SigningKey!.Reveal());
        Assert.True(options.EphemeralState);
        Assert.Equal("off", options.Listen.DecisionHttp2);
        Assert.Equal(["http://10.0.0.1:80", "https://b.example"], options.Clusters["default"].Destinations);
        Assert.Equal(TimeSpan.FromSeconds(90), options.Clusters["default"].Timeout);
        Assert.Equal("http://10.0.0.2:80", Assert.Single(options.Clusters["blue-green"].Destinations));
        Assert.Equal(new BundleOptions { AcceptPeer = true, AcceptUnsigned = true, MinVersion = 7, DenyOnExpiry = true }, options.Bundle);
        Assert.Equal(1024L * 1024 * 1024, options.CountersMemoryBytes);
        Assert.Equal(["10.0.0.0/8", "192.0.2.1/32", "2001:db8::1/128", "unix"], options.TrustedProxies);
        Assert.True(options.JwtVerificationOff);
        Assert.Equal(["keys.example"], options.FetchAllowedHosts);
        Assert.Equal(["API_KEY"], options.ReferenceEnvironment);
        Assert.Equal(["/etc/edgeguard/"], options.ReferenceFiles);
        Assert.Equal("X-Fairvisor-", options.HeaderPrefix);
        Assert.False(options.LegacyRateLimitHeaders);
        Assert.Equal("s3cret", options.DecisionSharedSecret!.Reveal());
        Assert.Equal(TimeSpan.FromSeconds(2), options.TelemetryInterval);
        Assert.Equal("debug", options.LogLevel);
    }

    [Fact]
    public void LoadEdge_HandyFlags_MeanTheirOptions()
    {
        var result = new OptionsInput().WithFlags(
            "--bundle", "b.yaml", "--upstream=http://a:1,http://b:2", "--state-dir", "s", "--bundle.accept", "unsigned", "--listen.decision_http2=off")
            .LoadEdge();

        Assert.Empty(result.Diagnostics);
        Assert.Equal("b.yaml", result.Options!.BundleFile);
        Assert.Equal(["http://a:1", "http://b:2"], result.Options.Clusters["default"].Destinations);
        Assert.Equal("s", result.Options.StateDir);
        Assert.Equal("off", result.Options.Listen.DecisionHttp2);
    }

    [Fact]
    public void LoadEdge_RepeatedListFlag_Accumulates()
    {
        var result = new OptionsInput().WithFlags("--upstream", "http://a:1", "--upstream", "http://b:2").LoadEdge();

        Assert.Equal(["http://a:1", "http://b:2"], result.Options!.Clusters["default"].Destinations);
    }

    [Fact]
    public void LoadEdge_ConfigFlag_BeatsConfigVariableAndDefaultFile()
    {
        var input = OptionsInput.ValidEdge()
            .WithFile("edgeguard.yaml", "edge_id: default").WithFile("v.yaml", "edge_id: variable").WithFile("f.yaml", "edge_id: flag");
        Assert.Equal("default", input.LoadEdge().Options!.EdgeId);

        input.WithVariable("EDGEGUARD_CONFIG", "v.yaml");
        Assert.Equal("variable", input.LoadEdge().Options!.EdgeId);

        input.WithFlags("--config", "f.yaml");
        Assert.Equal("flag", input.LoadEdge().Options!.EdgeId);
    }

    [Fact]
    public void LoadEdge_NamedFileMissing_IsRefused()
    {
        var result = OptionsInput.ValidEdge().WithFlags("--config=missing.yaml").LoadEdge();

        var problem = Assert.Single(result.Diagnostics);
        Assert.Equal("EG3006", problem.Code);
        Assert.Equal("--config", problem.Location.ToString());
        Assert.Contains("missing.yaml", problem.Message, StringComparison.Ordinal);
        Assert.Null(result.Options);
    }

    [Fact]
    public void LoadControlPlane_Environment_IsBound()
    {
        var key = Convert.ToBase64String(new byte[32]);
        var result = new OptionsInput()
            .WithVariable("EDGEGUARD_CP_LISTEN", "127.0.0.1:0").WithVariable("EDGEGUARD_CP_DATA_DIR", "data")
            .WithVariable("EDGEGUARD_CP_MASTER_KEY_FILE", "m").WithFile("m", key)
            .WithVariable("EDGEGUARD_CP_TLS__NAMES", "a.example, 10.0.0.1")
            .WithVariable("EDGEGUARD_CP_HEARTBEAT_INTERVAL", "250ms").WithVariable("EDGEGUARD_EDGE_ID", "edge-1").LoadControlPlane();

        Assert.Empty(result.Diagnostics);
        Assert.Equal("127.0.0.1:0", result.Options!.Listen);
        Assert.Equal("data", result.Options.DataDir);
        Assert.Equal(key, result.Options.MasterKey!.Reveal());
        Assert.Equal("a.example,10.0.0.1", result.Options.TlsNames);
        Assert.Equal(TimeSpan.FromMilliseconds(250), result.Options.HeartbeatInterval);
    }

    [Fact]
    public void Effective_Secret_IsNeverShown()
    {
        var result = OptionsInput.ValidEdge().WithVariable("EDGEGUARD_EDGE_TOKEN", "egt_top-secret").LoadEdge();

        Assert.Contains(new EffectiveOption("edge_token", "***", "EDGEGUARD_EDGE_TOKEN"), result.Effective);
        Assert.DoesNotContain(result.Effective, option => option.Shown.Contains("top-secret", StringComparison.Ordinal));
        Assert.Equal("***", result.Options!.EdgeToken!.ToString());
        Assert.DoesNotContain("top-secret", result.Options.ToString(), StringComparison.Ordinal);
    }
}
