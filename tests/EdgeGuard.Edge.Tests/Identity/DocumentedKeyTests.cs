using System.Net;
using System.Text.RegularExpressions;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Identity;

/// <summary>What the pages about API keys and revocation show works at an edge.</summary>
public sealed partial class DocumentedKeyTests
{
    private static readonly string Secret = ApiKeyText.Create(isPublishable: false, "live");
    private static readonly string Web = ApiKeyText.Create(isPublishable: true, "live");

    [Fact]
    public async Task ApiKeys_TheExample_DecidesAsThePageSays()
    {
        await using var edge = await EdgeUnderTest.StartAsync(await BundleAsync("api-keys.md", Secret, Web));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(edge, "/v1/invoices", ("X-API-Key", Secret)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(edge, "/v1/invoices", ("X-API-Key", Secret), ("Origin", "https://shop.example.com")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(edge, "/v1/catalog/1", ("X-API-Key", Web), ("Origin", "https://shop.example.com")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(edge, "/v1/catalog/1", ("X-API-Key", Web)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(edge, "/v1/invoices", ("X-API-Key", Web), ("Origin", "https://shop.example.com")));
    }

    [Fact]
    public async Task Revocation_TheExample_RefusesTheKey()
    {
        var bundle = await BundleAsync("revocation.md", Secret);
        await using var edge = await EdgeUnderTest.StartAsync(bundle);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(edge, "/v1/invoices", ("X-API-Key", Secret)));

        await using var without = await EdgeUnderTest.StartAsync(bundle.Replace("value: billing-service", "value: another", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(without, "/v1/invoices", ("X-API-Key", Secret)));
    }

    private static async Task<HttpStatusCode> StatusAsync(EdgeUnderTest edge, string target, params (string, string)[] headers)
    {
        using var response = await edge.GetAsync(target, headers);
        return response.StatusCode;
    }

    // The pages show made-up digests; here they are those of keys that the test has.
    private static async Task<string> BundleAsync(string page, params string[] keys)
    {
        var text = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "identity", page));
        var next = 0;
        return Digest().Replace(Assert.Single(Bundle().Matches(text)).Groups["bundle"].Value, _ => ApiKeyText.DigestText(keys[next++]));
    }

    [GeneratedRegex(@"^```yaml\n(?<bundle>format: edgeguard/v1\n[\s\S]*?)^```", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bundle();

    [GeneratedRegex("[0-9a-f]{64}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Digest();
}
