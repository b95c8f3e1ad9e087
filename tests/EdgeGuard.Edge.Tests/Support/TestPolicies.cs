using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Tests.Support;

/// <summary>Small policies and decisions by them.</summary>
internal static class TestPolicies
{
    public static DescriptorKey ApiKey { get; } = new(DescriptorKind.Header, "x-api-key");

    /// <summary>A snapshot with policies <c>p0</c>, <c>p1</c>..., each with one rule <c>limit</c> on <c>/pN</c>.</summary>
    public static PolicySnapshot Snapshot(int policies = 2, long version = 1)
    {
        var document = new PolicyDocument
        {
            Format = DocumentFormat.Native,
            BundleVersion = version,
            Policies = [.. Enumerable.Range(0, policies).Select(Policy)],
        };
        return PolicySnapshot.Empty.WithPolicy(PolicyCompiler.Compile(document, $"digest-{version}"));
    }

    public static Decision Allow(int policy = 0) => new()
    {
        Verdict = Verdict.Allow,
        Reason = Reason.None,
        Status = 200,
        Policy = policy,
        Rule = policy,
        MatchedPolicy = policy,
        KillSwitch = Decision.None,
        ShadowPolicy = Decision.None,
        ShadowRule = Decision.None,
        FirstMissingSlot = Decision.None,
    };

    public static Decision Reject(int policy = 0) => Allow(policy) with
    {
        Verdict = Verdict.Reject,
        Reason = Reason.TokenBucketExceeded,
        Status = 429,
    };

    private static PolicyDefinition Policy(int index) => new()
    {
        Id = $"p{index}",
        Selector = new SelectorDefinition { PathPrefix = $"/p{index}" },
        Rules =
        [
            new RuleDefinition
            {
                Name = "limit",
                LimitKeys = [ApiKey],
                Algorithm = new TokenBucketDefinition { TokensPerSecond = 10, Burst = 10 },
            },
        ],
    };
}
