namespace EdgeGuard.Options.Tests.Binding;

public sealed class CrossCheckTests
{
    [Fact]
    public void Connected_WithoutIdentity_NamesEachMissingOption()
    {
        var result = OptionsInput.ValidEdge().WithVariable("EDGEGUARD_CONTROL_PLANE_URL", "https://cp:8443").LoadEdge();

        Assert.All(result.Diagnostics, problem => Assert.Equal("EG3020", problem.Code));
        Assert.Equal(["edge_id", "edge_token", "signing_key"], result.Diagnostics.Select(problem => problem.Path));
    }

    [Fact]
    public void Connected_OverHttp_IsRefused()
    {
        var result = Connected().WithVariable("EDGEGUARD_CONTROL_PLANE_URL", "http://cp:8443").LoadEdge();

        Assert.Equal("EG3023", Assert.Single(result.Diagnostics).Code);
    }

    [Fact]
    public void Connected_Complete_Loads() => Assert.Empty(Connected().LoadEdge().Diagnostics);

    [Fact]
    public void BundleFile_WithControlPlane_IsRefused() =>
        Assert.Equal("EG3021", Assert.Single(Connected().WithFlags("--bundle", "b").LoadEdge().Diagnostics).Code);

    [Fact]
    public void BundleFile_WithoutKeyOrUnsigned_IsRefused()
    {
        Assert.Equal("EG3025", Assert.Single(OptionsInput.ValidEdge().WithFlags("--bundle", "b").LoadEdge().Diagnostics).Code);
        Assert.Empty(OptionsInput.ValidEdge().WithFlags("--bundle", "b", "--bundle.accept", "unsigned").LoadEdge().Diagnostics);
    }

    [Fact]
    public void Proxy_WithoutUpstream_IsRefusedUnlessOff()
    {
        Assert.Equal("EG3022", Assert.Single(new OptionsInput().LoadEdge().Diagnostics).Code);
        Assert.Empty(new OptionsInput().WithFlags("--listen.proxy", "off").LoadEdge().Diagnostics);
    }

    [Fact]
    public void Cluster_WithoutDestination_IsRefused()
    {
        var result = OptionsInput.ValidEdge().WithFlags("--clusters.blue.timeout", "5s").LoadEdge();

        var problem = Assert.Single(result.Diagnostics);
        Assert.Equal(("EG3022", "clusters.blue.destinations"), (problem.Code, problem.Path));
    }

    [Theory]
    [InlineData("--listen.decision", "0.0.0.0:8081", false)]
    [InlineData("--listen.decision", "[::]:8081", false)]
    [InlineData("--listen.decision", "*:8081", false)]
    [InlineData("--listen.decision-http2", "10.0.0.1:8082", false)]
    [InlineData("--listen.decision", "localhost:8081", true)]
    [InlineData("--listen.decision", "[::1]:8081", true)]
    [InlineData("--listen.decision", "unix:/run/d.sock", true)]
    [InlineData("--listen.decision", "off", true)]
    public void DecisionListener_BeyondLoopback_NeedsSecret(string flag, string address, bool accepted)
    {
        var open = OptionsInput.ValidEdge().WithFlags(flag, address).LoadEdge().Diagnostics;
        Assert.Equal(accepted ? [] : ["EG3024"], open.Select(problem => problem.Code));

        Assert.Empty(OptionsInput.ValidEdge().WithFlags(flag, address).WithVariable("EDGEGUARD_DECISION__SHARED_SECRET", "s").LoadEdge().Diagnostics);
    }

    [Theory]
    [InlineData("hush")]
    [InlineData("k1:c2hvcnQ")]
    [InlineData(OptionsInput.Key + "," + OptionsInput.Key)]
    public void SigningKey_Unusable_IsRefusedWithoutShowingIt(string keys)
    {
        var problem = Assert.Single(OptionsInput.ValidEdge().WithVariable("EDGEGUARD_SIGNING_KEY", keys).LoadEdge().Diagnostics);

        Assert.Equal("EG3004", problem.Code);
        Assert.DoesNotContain(keys.Split(':')[^1], problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void SigningKey_TwoKeys_AreAccepted() => Assert.Empty(OptionsInput.ValidEdge()
        .WithVariable("EDGEGUARD_SIGNING_KEY", OptionsInput.Key + ", " + OptionsInput.Key.Replace("k1", "k2", StringComparison.Ordinal)).LoadEdge().Diagnostics);

    [Fact]
    public void ControlPlane_CertificateWithoutKeyOrShortMasterKey_IsRefused()
    {
        var result = new OptionsInput().WithFlags("--tls.certificate-file", "c.pem").WithVariable("EDGEGUARD_CP_MASTER_KEY", "c2hvcnQ=")
            .LoadControlPlane();

        Assert.Equal(["EG3026", "EG3004"], result.Diagnostics.Select(problem => problem.Code));
        Assert.DoesNotContain(result.Diagnostics, problem => problem.ToString().Contains("c2hvcnQ=", StringComparison.Ordinal));
    }

    [Fact]
    public void ControlPlane_UnixListener_IsRefused() =>
        Assert.Equal("EG3004", Assert.Single(new OptionsInput().WithFlags("--listen", "unix:/x").LoadControlPlane().Diagnostics).Code);

    private static OptionsInput Connected() => OptionsInput.ValidEdge().WithVariable("EDGEGUARD_CONTROL_PLANE_URL", "https://cp:8443")
        .WithVariable("EDGEGUARD_EDGE_ID", "e1").WithVariable("EDGEGUARD_EDGE_TOKEN", "t").WithVariable("EDGEGUARD_SIGNING_KEY", OptionsInput.Key);
}
