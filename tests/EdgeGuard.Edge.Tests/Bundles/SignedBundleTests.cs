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
        string bundle, long sequence, TimeProvider time, long epoch = 0, string audience = "site", SigningKey? key = null)
    {
        var built = BundleBuilder.Build(Encoding.UTF8.GetBytes(bundle), "bundle.yaml", ValidationContext.Unknown);
        var header = new DocumentHeader(DocumentType.Bundle, Key.Id, audience, "site", epoch, sequence, time.GetUtcNow(), null);
        return DocumentSigner.Sign(header, built.CanonicalJson.Span, key ?? Key);
    }
}
