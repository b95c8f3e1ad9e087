namespace EdgeGuard.Cli.Tests.Commands.Bundle;

public sealed class OfflineCommandTests : IDisposable
{
    private readonly CliSession _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("api")]
    [InlineData("llm")]
    [InlineData("webhook")]
    public async Task Init_EachTemplate_IsValidWithoutAWarning(string template)
    {
        var written = (await _cli.RunAsync("init", "--template", template, "p")).Exits(0);
        Assert.Equal($"p/policies.yaml: written from template {template}\nnext: edgeguard validate p/policies.yaml\n", written.Out);

        var validated = (await _cli.RunAsync("validate", "--strict", "p/policies.yaml")).Exits(0);
        Assert.Equal("p/policies.yaml: valid, 1 policy, 3 tests passed\n", validated.Out);
        Assert.Empty(validated.Error);
    }

    [Fact]
    public async Task Init_FileThere_IsNotOverwritten()
    {
        _cli.Write("policies.yaml", "mine");

        var result = (await _cli.RunAsync("init")).Exits(2);

        Assert.Equal("mine", _cli.Read("policies.yaml"));
        Assert.Equal(
            "policies.yaml error EG5003 the file exists already, and nothing was written\n" +
            "  fix: choose another name, or move the file away        docs/errors/EG5003.md\n", result.Error);
    }

    [Fact]
    public async Task Validate_MalformedYaml_TellsThePlace()
    {
        _cli.Write("bad.yaml", "format: edgeguard/v1\npolicies:\n  - id: [api\n");

        var result = (await _cli.RunAsync("validate", "bad.yaml")).Exits(1);

        Assert.Equal("bad.yaml: refused, 1 error\n", result.Out);
        Assert.Matches("^bad\\.yaml:\\d+:\\d+ error EG10\\d\\d ", result.Error);
        Assert.Contains("docs/errors/EG10", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_UnknownField_TellsThePlaceAndTheName()
    {
        _cli.Write("bad.yaml", "format: edgeguard/v1\nbundle_version: 1\npolicies: []\nkill_switchs: []\n");

        var result = (await _cli.RunAsync("validate", "bad.yaml")).Exits(1);

        Assert.Contains("bad.yaml:4:1 error EG1101 kill_switchs: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("did you mean kill_switches?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_SeveralFiles_TellsAllAndFails()
    {
        await _cli.RunAsync("init", "good");
        _cli.Write("bad.yaml", "policies: 1\n");

        var result = (await _cli.RunAsync("validate", "good/policies.yaml", "bad.yaml", "--json")).Exits(1);

        Assert.Equal([true, false], result.Json["files"]!.AsArray().Select(file => file!["valid"]!.GetValue<bool>()));
        Assert.False(result.Json["ok"]!.GetValue<bool>());
        Assert.All(result.Json["problems"]!.AsArray(), problem => Assert.Equal("bad.yaml", problem!["file"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Validate_Warnings_AreFindingsOnlyWhenStrict()
    {
        // What the peer itself ignores is accepted with a warning.
        _cli.Write("peer.json", """
            {"bundle_version":1,"defaults":{},"policies":[{"id":"a","spec":{"selector":{"pathPrefix":"/"},"rules":[
            {"name":"r","limit_keys":["header:k"],"algorithm":"token_bucket","algorithm_config":{"tokens_per_second":1,"burst":1}}]}}]}
            """);

        Assert.Contains("warning EG", (await _cli.RunAsync("validate", "peer.json")).Exits(0).Error, StringComparison.Ordinal);
        (await _cli.RunAsync("validate", "--strict", "peer.json")).Exits(1);
    }

    [Fact]
    public async Task Validate_MissingFile_IsUsage()
    {
        var result = (await _cli.RunAsync("validate", "gone.yaml")).Exits(2);

        Assert.Equal(
            "gone.yaml error EG5002 the file cannot be read: it does not exist\n" +
            "  fix: check the path and that you may read it        docs/errors/EG5002.md\n", result.Error);
    }

    [Fact]
    public async Task Test_FailingTest_IsListedAndFails()
    {
        await _cli.RunAsync("init");
        _cli.Write("policies.yaml", _cli.Read("policies.yaml").Replace("burst: 20", "burst: 19", StringComparison.Ordinal));

        var result = (await _cli.RunAsync("test", "policies.yaml")).Exits(1);

        Assert.Contains("failed a client bursts to 20", result.Out, StringComparison.Ordinal);
        Assert.Contains("ok     a request without a key is refused", result.Out, StringComparison.Ordinal);
        Assert.EndsWith("2 passed, 1 failed\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("error EG14", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignAndVerify_RoundTrip_HoldsForThatSiteOnly()
    {
        await _cli.RunAsync("init");
        (await _cli.RunAsync("key", "new", "--id", "k1", "--out", "site.key")).Exits(0);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_cli.PathOf("site.key")));

        var signed = (await _cli.RunAsync(
            "sign", "policies.yaml", "--key-file", "site.key", "--audience", "shop", "--sequence", "7", "--expires", "1h", "-o", "b.jws")).Exits(0);
        Assert.Equal("b.jws: signed with k1 for shop, sequence 7\n", signed.Out);

        var verified = (await _cli.RunAsync("verify", "b.jws", "--key-file", "site.key", "--audience", "shop", "--json")).Exits(0).Json;
        Assert.Equal(7, verified["sequence"]!.GetValue<long>());
        Assert.Equal("2026-01-15T13:00:00Z", verified["expires_at"]!.GetValue<string>());

        Assert.Contains("error EG20", (await _cli.RunAsync("verify", "b.jws", "--key-file", "site.key", "--audience", "other")).Exits(4).Error, StringComparison.Ordinal);
        await _cli.RunAsync("key", "new", "--id", "k1", "--out", "other.key");
        (await _cli.RunAsync("verify", "b.jws", "--key-file", "other.key", "--audience", "shop")).Exits(4);
        _cli.Time.Advance(TimeSpan.FromHours(2));
        (await _cli.RunAsync("verify", "b.jws", "--key-file", "site.key", "--audience", "shop")).Exits(4);
    }

    [Fact]
    public async Task Sign_KeyFromEnvironment_TakesBundleVersionAsSequence()
    {
        await _cli.RunAsync("init");
        var key = (await _cli.RunAsync("key", "new", "--json")).Exits(0).Json["key"]!.GetValue<string>();
        _cli.Environment["EDGEGUARD_SIGNING_KEY"] = key;

        var signed = (await _cli.RunAsync("sign", "policies.yaml", "-o", "b.jws", "--json")).Exits(0);

        Assert.Equal(1, signed.Json["sequence"]!.GetValue<long>());
        Assert.DoesNotContain(key.Split(':')[1], signed.Out + signed.Error, StringComparison.Ordinal);
        Assert.Contains("EG5003", (await _cli.RunAsync("sign", "policies.yaml", "-o", "b.jws")).Exits(2).Error, StringComparison.Ordinal);
        (await _cli.RunAsync("sign", "policies.yaml", "-o", "b.jws", "--force")).Exits(0);
    }

    [Fact]
    public async Task Sign_RefusedBundle_WritesNothing()
    {
        await _cli.RunAsync("key", "new", "--out", "k");
        _cli.Write("bad.yaml", "policies: 1\n");

        (await _cli.RunAsync("sign", "bad.yaml", "--key-file", "k", "-o", "b.jws")).Exits(1);

        Assert.False(File.Exists(_cli.PathOf("b.jws")));
    }

    [Theory]
    [InlineData("not a key")]
    [InlineData("k1:c2hvcnQ")]
    public async Task Sign_UnusableKey_IsRefusedWithoutShowingIt(string key)
    {
        await _cli.RunAsync("init");
        _cli.Write("k", key);

        var result = (await _cli.RunAsync("sign", "policies.yaml", "--key-file", "k", "-o", "b.jws")).Exits(2);

        Assert.Contains("EG5013", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("c2hvcnQ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("not a key", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2020-01-01T00:00:00Z")]
    [InlineData("0s")]
    public async Task Sign_ExpiryNotAhead_IsUsage(string expires)
    {
        await _cli.RunAsync("init");

        Assert.Contains("EG5015", (await _cli.RunAsync("sign", "policies.yaml", "-o", "b", "--expires", expires)).Exits(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AnyFlippedCharacter_IsRefused()
    {
        await _cli.RunAsync("init");
        await _cli.RunAsync("key", "new", "--out", "k");
        await _cli.RunAsync("sign", "policies.yaml", "--key-file", "k", "-o", "b.jws");
        var text = _cli.Read("b.jws");

        foreach (var index in (int[])[0, text.Length / 2, text.Length - 2])
        {
            _cli.Write("t.jws", text[..index] + (text[index] == 'A' ? 'B' : 'A') + text[(index + 1)..]);
            (await _cli.RunAsync("verify", "t.jws", "--key-file", "k")).Exits(4);
        }
    }
}
