using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Validation;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGuard.Bundles.Tests.Validation;

/// <summary>Secrets are refused wherever they stand, never repeated, and what is none passes.</summary>
public sealed class SecretTests
{
    // Put together here, so that scanners of the repository do not take them for real ones.
    public static TheoryData<string> Secrets() =>
    [
        "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
        "pk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
        "sk-" + "proj-abcdefghijklmnopqrstuvwx",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
        "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "xoxb-" + "17653672481-19874698323",
        "eyJhbGciOiJSUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "c2lnbmF0dXJlLW9mLXRoZS10b2tlbg",
        "Bearer " + "abcdef0123456789abcdef",
        "-----BEGIN " + "PRIVATE KEY-----MIIEvQIBADANBgkq-----END PRIVATE KEY-----",
        "https://user:" + "hunter2hunter2@example.com/",
    ];

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Secret_AnywhereInABundle_IsRefusedAndNeverRepeated(string secret)
    {
        string[] texts =
        [
            Sample.Native(top: $"global_shadow: {{enabled: false, reason: 'x {secret}'}}"),
            Sample.Native($"{{name: r, limit_keys: [], match: {{'header:authorization': '{secret}'}}, algorithm: token_bucket, algorithm_config: {{rps: 1, burst: 5}}}}"),
            Sample.Native(spec: $"cluster: '{secret}'"),
            Sample.Native(spec: $"mode: '{secret}'"),
            Sample.Native(top: $"tests: [{{name: t, steps: [{{request: {{headers: {{x-key: '{secret}'}}}}, expect: {{verdict: allow}}}}]}}]"),
            Sample.Native(top: $"passwords: {{a: ['{secret}']}}"),
            $"bundle_version: 1\njwt_keys: ['{secret}']\npolicies: []",
            Sample.Native(top: $"webhooks: [{{id: a, scheme: github, secrets: ['{secret}']}}]"),
        ];
        foreach (var text in texts)
        {
            var result = Sample.Read(text);
            var all = string.Join("\n", result.Diagnostics);

            Assert.Null(result.Document);
            Assert.True(result.Diagnostics.Any(d => d.Code is "EG1301" or "EG1305") || text.Contains("'x ", StringComparison.Ordinal), text + "\n" + all);
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
            Assert.DoesNotContain(secret[^12..], all, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Secret_AsAnUnknownFieldsName_IsNeverRepeated(string secret) =>
        Assert.DoesNotContain(secret[^12..], string.Join("\n", Sample.Read(Sample.Native(top: $"'{secret}': 1")).Diagnostics), StringComparison.Ordinal);

    [Theory]
    [InlineData("checkout-service-payments-production-eu-west-1")]
    [InlineData("f47ac10b-58cc-4372-a567-0e02b2c3d479")]
    [InlineData("limits for customers of the second quarter 2026")]
    [InlineData("sk_limits_for_all")]
    [InlineData("basic limits")]
    [InlineData("arn:aws:iam::123456789012:role/service-role/edge")]
    public void Id_ThatPeopleWrite_IsNotTakenForASecret(string text)
    {
        Assert.Null(SecretPatterns.Known(text));
        Assert.False(SecretPatterns.LooksRandom(text));
    }

    [Fact]
    public void Value_ThatIsRandomByNature_IsAccepted() => Sample.Valid(Sample.Native(
        "{name: r, limit_keys: [], match: {'header:x-client': 'Zk39dLq0PxV7bN2mT5yR8wA1sG4hJ6uE'}, algorithm: token_bucket, algorithm_config: {rps: 1, burst: 5}}",
        selector: "{pathPrefix: /blobs/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08/}",
        top: "issuers: [{id: a, issuer: 'https://sts.example/9f86d081884c7d659a2feaa0c55ad015', audiences: ['Zk39dLq0PxV7bN2mT5yR8wA1sG4hJ6uE'], algorithms: [ES256], jwks_file: /k}]"));

    [Fact]
    public void Key_ThatLooksRandom_IsRefusedWhereNoneBelongs() =>
        Sample.Single(Sample.Native(top: "global_shadow: {enabled: false, reason: 'Zk39dLq0PxV7bN2mT5yR8wA1sG4hJ6uE'}"), "EG1301");

    [Fact]
    public void RandomKeys_OfEveryKind_AreNearlyAlwaysSeen()
    {
        const string Base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        var seen = 0;
        var all = 0;
        Prop.ForAll(
            Gen.Choose(0, Base64.Length - 1).ArrayOf(40).ToArbitrary(),
            indexes =>
            {
                all++;
                seen += SecretPatterns.LooksRandom(new string([.. indexes.Select(i => Base64[i])])) ? 1 : 0;
                return true;
            }).QuickCheckThrowOnFailure();
        Assert.True(seen >= all * 9 / 10, $"{seen} of {all} random keys were seen");
    }

    [Fact]
    public void KillSwitch_OnALeakedCredential_IsAcceptedWithAWarning()
    {
        var secret = "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc";
        var result = Sample.Read(Sample.Native(top: $"kill_switches: [{{scope_key: 'header:x-api-key', scope_value: {secret}, expires_at: 2030-01-01T00:00:00Z}}]"));

        Assert.NotNull(result.Document);
        var finding = result.Diagnostics.Single(d => d.Code == "EG1306");
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.DoesNotContain(secret, finding.ToString(), StringComparison.Ordinal);
    }
}
