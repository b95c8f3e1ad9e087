using System.Text;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Tests.Validation;

/// <summary>Documents for tests, and how they are read.</summary>
internal static class Sample
{
    /// <summary>A native document with one policy of one rule; parts can be replaced.</summary>
    public static string Native(string rule = Rule, string spec = "", string top = "", string selector = "{pathPrefix: /v1/}") => $$"""
        format: edgeguard/v1
        bundle_version: 3
        {{top}}
        policies:
          - id: api
            spec:
              selector: {{selector}}
              {{spec}}
              rules:
                - {{rule}}
        """;

    public const string Rule =
        "{name: per-key, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, burst: 10}}";

    public static BundleReadResult Read(string text, ValidationContext? context = null) =>
        BundleReader.Read(Encoding.UTF8.GetBytes(text), "bundle.yaml", context ?? ValidationContext.Unknown);

    /// <summary>The document of a text that must be valid; the findings are the message when it is not.</summary>
    public static PolicyDocument Valid(string text, ValidationContext? context = null)
    {
        var result = Read(text, context);
        Assert.True(result.Document is not null, string.Join("\n", result.Diagnostics));
        return result.Document!;
    }

    /// <summary>The one finding with a code; what was found instead is the message when there is none.</summary>
    public static Diagnostic Single(string text, string code, ValidationContext? context = null)
    {
        var result = Read(text, context);
        var found = result.Diagnostics.Where(d => d.Code == code).ToList();
        Assert.True(found.Count == 1, $"expected {code} once, got:\n" + string.Join("\n", result.Diagnostics));
        return found[0];
    }
}
