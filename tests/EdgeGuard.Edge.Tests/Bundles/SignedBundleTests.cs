using System.Text;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Bundles;

public sealed class SignedBundleTests
{
    private static readonly SigningKey Key = new("site-1", KeyBytes(7));

    [Fact]
    public async Task SignedBundle_ComesIntoForce_AndItsMarkSurvivesARestart()
    {
        using var folder = new TempFolder();
        var time = new TestTimeProvider();
        folder.Write("bundle.jws", Sign(TestBundles.Open(5, "five"), 5, time));
        var first = await Start(folder, time);
        Assert.Equal(("jws", 5L), (FileReloadTests.Status(first).Active!.Form, FileReloadTests.Status(first).Active!.Sequence));
        await first.StopAsync();

        folder.Write("bundle.jws", Sign(TestBundles.Open(4, "four"), 4, time));
        await using var second = await Start(folder, time);
        Assert.Equal((5L, BundleActivator.LastGood), (FileReloadTests.Status(second).Active!.Version, FileReloadTests.Status(second).Active!.Origin));
        Assert.Contains(FileReloadTests.Status(second).LastAttempt!.Result.Diagnostics, diagnostic => diagnostic.Code == "EG2101");
    }

    [Fact]
    public async Task RaisedEpoch_StartsItsSequenceAgain()
    {
        using var folder = new TempFolder();
        var time = new TestTimeProvider();
        folder.Write("bundle.jws", Sign(TestBundles.Open(5), 5, time));
        await using var edge = await Start(folder, time);
        var activator = edge.Host.Services.GetRequiredService<BundleActivator>();

        Assert.False(activator.Activate(Encoding.UTF8.GetBytes(Sign(TestBundles.Open(1, "x"), 1, time)), "control-plane").Applied);
        Assert.True(activator.Activate(Encoding.UTF8.GetBytes(Sign(TestBundles.Open(1, "x"), 1, time, epoch: 1)), "control-plane").Applied);
    }

    [Theory]
    [InlineData("other-site", 7, "EG20")]
    [InlineData("site", 8, "EG20")]
    public async Task ForeignBundle_IsRefused(string audience, byte keyByte, string code)
    {
        using var folder = new TempFolder();
        var time = new TestTimeProvider();
        var key = new SigningKey("site-1", KeyBytes(keyByte));
        folder.Write("bundle.jws", Sign(TestBundles.Open(), 1, time, audience: audience, key: key));
        var problem = await Assert.ThrowsAsync<StartException>(() => Start(folder, time));

        Assert.Equal(ExitCode.Refused, problem.Code);
        Assert.StartsWith(code, Assert.Single(problem.Diagnostics).Code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edge_WithAnAbsentKey_SaysSo()
    {
        using var folder = new TempFolder();
        var time = new TestTimeProvider();
        folder.Write("bundle.jws", Sign(TestBundles.Open(), 1, time));
        var problem = await Assert.ThrowsAsync<StartException>(() => Start(folder, time, options => options with { SigningKey = null }));

        Assert.Equal(EdgeCodes.NoSigningKey, Assert.Single(problem.Diagnostics).Code);
    }

    [Theory]
    [InlineData(false, true, "200 allow")]
    [InlineData(false, false, "200 allow")]
    [InlineData(true, true, "503 no_bundle_loaded")]
    [InlineData(true, false, "503 no_bundle_loaded")]
    public async Task Restart_WithALastGoodBundleThatHasExpired_KeepsOrDenies(bool deny, bool bySignature, string verdict)
    {
        using var folder = new TempFolder();
        var time = new TestTimeProvider();
        var expires = time.GetUtcNow() + TimeSpan.FromHours(1);
        var text = bySignature ? TestBundles.Open(5) : TestBundles.Open(5) + $"\nexpires_at: '{expires:yyyy-MM-ddTHH:mm:ssZ}'\n";
        folder.Write("bundle.jws", Sign(text, 5, time, expires: bySignature ? expires : null));
        await (await Start(folder, time)).StopAsync();
        time.Advance(TimeSpan.FromHours(2));

        await using var edge = await Start(folder, time, options => options with { Bundle = options.Bundle with { DenyOnExpiry = deny } });
        using var answer = await edge.GetAsync("/a");

        Assert.Equal(verdict, answer.Verdict());
        Assert.Equal((5L, BundleActivator.LastGood), (FileReloadTests.Status(edge).Active!.Version, FileReloadTests.Status(edge).Active!.Origin));
        Assert.Contains("edgeguard_bundle_expired 1\n", await edge.Probes.GetStringAsync("/metrics"), StringComparison.Ordinal);
        using var readiness = await edge.Probes.GetAsync("/readyz");
        Assert.Contains("\"expired\":true", await readiness.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NewBundle_ThatHasExpired_IsRefusedWhateverTheOptions(bool bySignature)
    {
        using var folder = new TempFolder();
        var time = new TestTimeProvider();
        var expired = time.GetUtcNow() - TimeSpan.FromSeconds(1);
        folder.Write("bundle.jws", Sign(TestBundles.Open(5), 5, time));
        await using var edge = await Start(folder, time);
        var text = bySignature ? TestBundles.Open(6) : TestBundles.Open(6) + $"\nexpires_at: '{expired:yyyy-MM-ddTHH:mm:ssZ}'\n";
        var document = Encoding.UTF8.GetBytes(Sign(text, 6, time, expires: bySignature ? expired : null));

        Assert.False(edge.Host.Services.GetRequiredService<BundleActivator>().Activate(document, "control-plane").Applied);
        Assert.Equal(5L, FileReloadTests.Status(edge).Active!.Version);
    }

    // One byte repeated is refused as a key.
    private static byte[] KeyBytes(byte first) => [.. Enumerable.Range(first, 32).Select(value => (byte)value)];

    private static Task<EdgeUnderTest> Start(TempFolder folder, TestTimeProvider time, Func<EdgeOptions, EdgeOptions>? change = null) =>
        EdgeUnderTest.StartInAsync(
            folder,
            options => (change ?? (same => same))(options with
            {
                BundleFile = folder.Combine("bundle.jws"),
                SigningKey = new SecretText(Key.Export()),
                Bundle = new BundleOptions(),
            }),
            new EdgeHostSettings { Time = time });

    private static string Sign(
        string bundle, long sequence, TimeProvider time, long epoch = 0, string audience = "site", SigningKey? key = null,
        DateTimeOffset? expires = null)
    {
        var built = BundleBuilder.Build(Encoding.UTF8.GetBytes(bundle), "bundle.yaml", ValidationContext.Unknown);
        var header = new DocumentHeader(DocumentType.Bundle, Key.Id, audience, "site", epoch, sequence, time.GetUtcNow(), expires);
        return DocumentSigner.Sign(header, built.CanonicalJson.Span, key ?? Key);
    }
}
