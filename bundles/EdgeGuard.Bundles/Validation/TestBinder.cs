using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Makes policy tests of nodes without error.</summary>
internal static class TestBinder
{
    public static PolicyTest Bind(Node node)
    {
        var test = new PolicyTest { Name = node.TextAt("name")!, Steps = DocumentBinder.Each(node["steps"], BindStep) };
        return node.TimeAt("start") is { } start ? test with { Start = start } : test;
    }

    private static PolicyTestStep BindStep(Node node) => new()
    {
        After = node.DurationAt("after") ?? TimeSpan.Zero,
        Times = (int)(node.NumberAt("times") ?? 1),
        Request = BindRequest(node["request"]!),
        Expect = BindExpectation(node["expect"]!),
    };

    private static PolicyTestRequest BindRequest(Node node)
    {
        var defaults = new PolicyTestRequest();
        return defaults with
        {
            Method = node.TextAt("method") ?? defaults.Method,
            Host = node.TextAt("host") ?? defaults.Host,
            Path = node.TextAt("path") ?? defaults.Path,
            Headers = Pairs(node.EntriesAt("headers")),
            Claims = Pairs(node.EntriesAt("claims")),
            Ip = node.TextAt("ip"),
        };
    }

    private static PolicyTestExpectation BindExpectation(Node node) => new()
    {
        Verdict = node.TextAt("verdict")!,
        Reason = node.TextAt("reason"),
        Policy = node.TextAt("policy"),
        Rule = node.TextAt("rule"),
        Remaining = (long?)node.NumberAt("remaining"),
        RetryAfter = (int?)node.NumberAt("retry_after"),
        ShadowReject = node.FlagAt("shadow_reject"),
    };

    private static ImmutableArray<KeyValuePair<string, string>> Pairs(IReadOnlyList<NodeEntry> entries)
    {
        var pairs = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(entries.Count);
        foreach (var entry in entries)
        {
            pairs.Add(new KeyValuePair<string, string>(entry.Key, entry.Value.Text));
        }

        return pairs.MoveToImmutable();
    }
}
