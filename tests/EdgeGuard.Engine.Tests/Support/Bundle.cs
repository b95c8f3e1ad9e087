using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;

namespace EdgeGuard.Engine.Tests.Support;

/// <summary>Short ways to write documents.</summary>
internal static class Bundle
{
    public static DescriptorKey Header(string name) => new(DescriptorKind.Header, name);

    public static DescriptorKey Query(string name) => new(DescriptorKind.Query, name);

    public static DescriptorKey Claim(string name) => new(DescriptorKind.Claim, name);

    public static DescriptorKey Ip { get; } = new(DescriptorKind.IpAddress, string.Empty);

    public static RuleDefinition Rule(string name, double rate, double burst, params DescriptorKey[] keys) => new()
    {
        Name = name,
        LimitKeys = [.. keys],
        Algorithm = new TokenBucketDefinition { TokensPerSecond = rate, Burst = burst },
    };

    public static RuleDefinition WithCost(this RuleDefinition rule, CostSource cost) =>
        rule with { Algorithm = (TokenBucketDefinition)rule.Algorithm with { Cost = cost } };

    public static RuleDefinition When(this RuleDefinition rule, DescriptorKey key, string value) =>
        rule with { Match = rule.Match.Add(new MatchEntry(key, value)) };

    public static PolicyDefinition Policy(string id, params RuleDefinition[] rules) => new()
    {
        Id = id,
        Selector = new SelectorDefinition { PathPrefix = "/" },
        Rules = [.. rules],
    };

    public static PolicyDefinition AsShadow(this PolicyDefinition policy) => policy with { Mode = PolicyMode.Shadow };

    public static PolicyDocument Document(params PolicyDefinition[] policies) => new()
    {
        Format = DocumentFormat.Native,
        BundleVersion = 1,
        Policies = [.. policies],
    };

    public static CompiledPolicy Compile(params PolicyDefinition[] policies) =>
        PolicyCompiler.Compile(Document(policies), "digest");

    public static KillSwitchDefinition Kill(string id, DescriptorKey key, string value, string? route = null) => new()
    {
        Id = id,
        ScopeKey = key,
        ScopeValue = value,
        Route = route,
    };

    public static ImmutableArray<T> Of<T>(params T[] items) => [.. items];
}
