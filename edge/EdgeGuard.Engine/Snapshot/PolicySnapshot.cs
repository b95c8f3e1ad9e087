using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Snapshot;

/// <summary>
/// Everything that decisions are taken by at one moment: a compiled bundle, the pushed kill switches and the local ones. Immutable;
/// published by one volatile write, read once a request. With no bundle every request gets <c>no_bundle_loaded</c>.
/// </summary>
public sealed class PolicySnapshot
{
    private PolicySnapshot()
    {
    }

    /// <summary>Nothing loaded.</summary>
    public static PolicySnapshot Empty => throw new NotImplementedException();

    /// <summary>The bundle, or null.</summary>
    public CompiledPolicy? Policy => throw new NotImplementedException();

    /// <summary>What a door fills for each request.</summary>
    public FactPlan Facts => throw new NotImplementedException();

    /// <summary>Version of the bundle, 0 without one.</summary>
    public long Version => throw new NotImplementedException();

    /// <summary>Digest of the bundle, empty without one.</summary>
    public string Digest => throw new NotImplementedException();

    /// <summary>Number of policies; indices in a decision are below it.</summary>
    public int PolicyCount => throw new NotImplementedException();

    /// <summary>Number of rules over all policies (fallback limits included); indices in a decision are below it.</summary>
    public int RuleCount => throw new NotImplementedException();

    /// <summary>The same snapshot with another bundle; its kill switches stay.</summary>
    public PolicySnapshot WithPolicy(CompiledPolicy policy) => throw new NotImplementedException();

    /// <summary>The same bundle with another whole set of pushed kill switches. Quick however large the bundle is.</summary>
    public PolicySnapshot WithPushedKillSwitches(ImmutableArray<KillSwitchDefinition> switches) => throw new NotImplementedException();

    /// <summary>The same bundle with another whole set of local (break-glass) kill switches.</summary>
    public PolicySnapshot WithLocalKillSwitches(ImmutableArray<KillSwitchDefinition> switches) => throw new NotImplementedException();

    /// <summary>Id of a policy.</summary>
    public string PolicyId(int policy) => throw new NotImplementedException();

    /// <summary>Cluster that a policy names, or null.</summary>
    public string? PolicyCluster(int policy) => throw new NotImplementedException();

    /// <summary>Route template of a policy: its selector, such as <c>/v1/*</c> or <c>api.example.com/login</c>; never a request's path.</summary>
    public string PolicyRoute(int policy) => throw new NotImplementedException();

    /// <summary>Name of a rule.</summary>
    public string RuleName(int rule) => throw new NotImplementedException();

    /// <summary>Policy that a rule belongs to.</summary>
    public int RulePolicy(int rule) => throw new NotImplementedException();

    /// <summary>Quota and window for <c>RateLimit-Policy</c>: whole units and seconds (burst and time to refill it for a token bucket).</summary>
    public (long Quota, int WindowSeconds) RuleQuota(int rule) => throw new NotImplementedException();

    /// <summary>Id of a kill switch that a decision names.</summary>
    public string KillSwitchId(int killSwitch) => throw new NotImplementedException();

    /// <summary>All kill switches in force or waiting to expire, with where each comes from: <c>bundle</c>, <c>pushed</c> or <c>local</c>.</summary>
    public ImmutableArray<(KillSwitchDefinition Switch, string Origin)> KillSwitches => throw new NotImplementedException();
}
