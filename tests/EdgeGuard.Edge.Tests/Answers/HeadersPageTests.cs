using System.Net;
using System.Text;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Answers;

/// <summary>The examples of docs/headers.md, put together and driven.</summary>
public sealed class HeadersPageTests
{
    private const string InPolicy = "# in a policy's spec\n";

    [Fact]
    public async Task Examples_OfThePage_DoWhatItSays()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle());
        using var ready = await edge.Probes.GetAsync("/readyz");
        using var page = await edge.GetAsync("/api/orders", ("x-api-key", "a"), ("Origin", "https://app.example.com"));
        using var uri = await edge.GetAsync("/api/orders?" + new string('a', 2048), ("x-api-key", "a"));
        using var other = await edge.GetAsync("/other");

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal("200 allow", page.Verdict());
        Assert.Equal("default-src 'self'", page.Header("Content-Security-Policy"));
        Assert.Equal("camera=(), microphone=()", page.Header("Permissions-Policy"));
        Assert.Equal("SAMEORIGIN", page.Header("X-Frame-Options"));
        Assert.Equal("https://app.example.com", page.Header("Access-Control-Allow-Origin"));
        Assert.Equal("RateLimit, Retry-After", page.Header("Access-Control-Expose-Headers"));
        Assert.Equal("414 too_large", uri.Verdict());
        Assert.Equal("DENY", other.Header("X-Frame-Options"));
    }

    private static string Bundle()
    {
        var (top, spec) = (new StringBuilder(), new StringBuilder());
        var blocks = File.ReadAllText(RepositoryRoot.Combine("docs", "headers.md")).Split("```yaml\n")[1..];
        Assert.Equal(6, blocks.Length);
        foreach (var block in blocks)
        {
            var text = block[..block.IndexOf("```", StringComparison.Ordinal)];
            if (text.StartsWith(InPolicy, StringComparison.Ordinal))
            {
                foreach (var line in text[InPolicy.Length..].TrimEnd().Split('\n'))
                {
                    spec.Append("      ").Append(line).Append('\n');
                }
            }
            else
            {
                top.Append(text);
            }
        }

        return $$"""
            format: edgeguard/v1
            bundle_version: 1
            {{top}}
            policies:
              - id: api
                spec:
                  selector: {pathPrefix: /api/}
            """.Replace("\r", string.Empty, StringComparison.Ordinal) + "\n" + spec + """
                  rules:
                    - {name: per-key, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, burst: 10}}
            """;
    }
}
