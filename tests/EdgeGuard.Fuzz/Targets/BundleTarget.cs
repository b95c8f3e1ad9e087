using System.Text;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Fuzz.Running;
using EdgeGuard.Testing;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Policies as YAML and JSON: read, validated, compiled and tested as an edge does it.</summary>
internal sealed class BundleTarget : IFuzzTarget
{
    // A document that holds a large part of another one many times takes its tests' time, which is not what is looked for here.
    private const int MaxTests = 20;

    public string Name => "bundle";

    public IReadOnlyList<byte[]> Seeds { get; } = [.. Examples().SelectMany(yaml => new[] { yaml, ToJson(yaml) })];

    public IReadOnlyList<string> Words { get; } =
    [
        "format: edgeguard/v1", "policies:", "&a", "*a", "<<: *a", "!!binary ", "!!str ", "|\n", ">-\n", "- ", "? ", "---\n", "...\n", "\uFEFF", "\t", "null", "true", "~",
        ".inf", ".nan", "0x1F", "1_000", "jwt:sub", "header:x", "query:key", "ip:address", "cookie:c", "path:1", "burst", "tokens_per_second", "budget", "token_bucket",
        "cost_based", "sliding_window", "concurrency", "hierarchy", "token_bucket_llm", "tiers", "period: 1mo", "time_zone: Europe/Berlin", "${env:A}", "${file:/a}", "limit_keys",
        "kill_switches", "tests", "\"", "\\ud800", "\\u0000",
    ];

    public int Run(ReadOnlySpan<byte> input)
    {
        var read = BundleReader.Read(input.ToArray(), "fuzz", ValidationContext.Unknown);
        FuzzFailure.Unless(
            read.Document is not null || read.Diagnostics.Any(d => d.Severity == Severity.Error), "a document that is refused is refused for a reason");
        if (read.Root is not null)
        {
            IsStable(read.Root);
        }

        if (read.Document is { } document)
        {
            PolicyCompiler.Compile(document, string.Empty);
            RunTests(input, document);
        }

        return read.Diagnostics.Aggregate(read.Document is null ? 1 : 0, (hash, d) => unchecked((hash * 31) + d.Code[2..].Sum(c => c) + d.Code[^1])) & 0xFFF;
    }

    // Its own tests take nearly all the time.
    private static void RunTests(ReadOnlySpan<byte> input, PolicyDocument document)
    {
        if (input.Length % 16 == 0 && document.Tests.Length <= MaxTests && document.Tests.All(test => test.Steps.Sum(step => (long)step.Times) <= 1000))
        {
            var build = BundleBuilder.Build(input.ToArray(), "fuzz", ValidationContext.Unknown);
            FuzzFailure.Unless(build.Document is not null, "what was read once is read twice");
        }
    }

    // What is signed is read back as the same.
    private static void IsStable(Node root)
    {
        var canonical = CanonicalJson.Write(root);
        var again = NodeReader.ReadJson(canonical, "canonical", ReadLimits.Bundle);
        FuzzFailure.Unless(again.Root is not null, "canonical JSON is read");
        FuzzFailure.Unless(CanonicalJson.Write(again.Root).AsSpan().SequenceEqual(canonical), "canonical JSON is its own canonical form");
    }

    private static IEnumerable<byte[]> Examples() =>
        Directory.EnumerateFiles(RepositoryRoot.Combine("bundles", "examples"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes);

    private static byte[] ToJson(byte[] yaml) =>
        CanonicalJson.Write(NodeReader.Read(yaml, "example", ReadLimits.Bundle).Root ?? throw new InvalidOperationException(Encoding.UTF8.GetString(yaml)));
}
