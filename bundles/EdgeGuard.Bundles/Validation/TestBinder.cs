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

    /// <summary>A file of requests: steps, or one request alone.</summary>
    public static PolicyTest BindRequests(Node node, DateTimeOffset start) => new()
    {
        Name = node.TextAt("name") ?? string.Empty,
        Start = node.TimeAt("start") ?? start,
        Steps = node["steps"] is { } steps
            ? DocumentBinder.Each(steps, BindStep)
            : [new PolicyTestStep { Request = BindRequest(node), Expect = NothingExpected }],
    };

    private static readonly PolicyTestExpectation NothingExpected = new() { Verdict = string.Empty };

    private static PolicyTestStep BindStep(Node node) => new()
    {
        After = node.DurationAt("after") ?? TimeSpan.Zero,
        Times = (int)(node.NumberAt("times") ?? 1),
        Duration = node.DurationAt("duration") ?? TimeSpan.Zero,
        UsageTokens = (long?)node.NumberAt("usage_tokens"),
        Request = BindRequest(node["request"]!),
        Expect = node["expect"] is { } expect ? BindExpectation(expect) : NothingExpected,
    };

    internal static PolicyTestRequest BindRequest(Node node)
    {
        var defaults = new PolicyTestRequest();
        return defaults with
        {
            Method = node.TextAt("method") ?? defaults.Method,
            Host = node.TextAt("host") ?? defaults.Host,
            Path = node.TextAt("path") ?? defaults.Path,
            Headers = Pairs(node.EntriesAt("headers")),
            Claims = Pairs([.. node.EntriesAt("claims").Where(entry => entry.Value.Kind != NodeKind.List)]),
            ClaimLists =
            [
                .. node.EntriesAt("claims").Where(entry => entry.Value.Kind == NodeKind.List)
                    .Select(entry => KeyValuePair.Create(entry.Key, DocumentBinder.Each(entry.Value, item => item.Text))),
            ],
            Issuer = node.TextAt("issuer"),
            Scopes = DocumentBinder.Each(node["scopes"], scope => scope.Text),
            Invalid = node["invalid"] is { } invalid ? IdentityBinder.KindsOf(invalid) : CredentialKinds.None,
            Webhook = node.TextAt("webhook"),
            Ip = node.TextAt("ip"),
            Body = node.TextAt("body"),
            Facts = Facts(node.EntriesAt("facts")),
        };
    }

    internal static PolicyTestExpectation BindExpectation(Node node) => new()
    {
        Verdict = node.TextAt("verdict")!,
        Reason = node.TextAt("reason"),
        Policy = node.TextAt("policy"),
        Rule = node.TextAt("rule"),
        Remaining = (long?)node.NumberAt("remaining"),
        RetryAfter = (int?)node.NumberAt("retry_after"),
        ShadowReject = node.FlagAt("shadow_reject"),
        DelayMilliseconds = (int?)node.NumberAt("delay_ms"),
        Status = (int?)node.NumberAt("status"),
        Headers = Pairs(node.EntriesAt("headers")),
    };

    // A header among the facts is one that a trusted proxy has set.
    private static ImmutableArray<KeyValuePair<DescriptorKey, string>> Facts(IReadOnlyList<NodeEntry> entries)
    {
        var facts = ImmutableArray.CreateBuilder<KeyValuePair<DescriptorKey, string>>(entries.Count);
        foreach (var entry in entries)
        {
            facts.Add(new KeyValuePair<DescriptorKey, string>(KeyBinder.BindTrusted(entry.Key), entry.Value.Text));
        }

        return facts.MoveToImmutable();
    }

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
