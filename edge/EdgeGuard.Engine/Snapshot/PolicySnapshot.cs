using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.KillSwitches;
using EdgeGuard.Engine.Matching;

namespace EdgeGuard.Engine.Snapshot;

/// <summary>
/// Everything that decisions are taken by at one moment: a compiled bundle, the pushed kill switches and the local ones. Immutable;
/// published by one volatile write, read once a request. With no bundle every request gets <c>no_bundle_loaded</c>.
/// </summary>
public sealed partial class PolicySnapshot
{
    /// <summary>Scratch of <see cref="BodyBytes"/>, <see cref="PolicyFor"/>, <see cref="CredentialsFor"/> and <see cref="WebhooksFor"/>, which have no facts of a request to keep it in.</summary>
    [ThreadStatic]
    private static MatchList? _matches;

    private readonly ImmutableArray<KillSwitchDefinition> _pushed;
    private readonly ImmutableArray<KillSwitchDefinition> _local;
    private readonly bool _anyKills;

    private PolicySnapshot(
        CompiledPolicy? policy,
        ImmutableArray<KillSwitchDefinition> pushed,
        ImmutableArray<KillSwitchDefinition> local,
        PolicySnapshot? previous)
    {
        Policy = policy;
        _pushed = pushed;
        _local = local;
        var slots = new SlotAllocator(policy);
        BundleKills = KillSwitchIndex.Build(policy?.KillSwitches ?? [], slots, previous?.BundleKills);
        PushedKills = KillSwitchIndex.Build(pushed, slots, previous?.PushedKills);
        LocalKills = KillSwitchIndex.Build(local, slots, previous?.LocalKills);
        _anyKills = !(BundleKills.Switches.IsEmpty && pushed.IsEmpty && local.IsEmpty);
        Facts = new FactPlan(slots.Slots);
        KilledCredentials = CredentialsOf(BundleKills) | CredentialsOf(PushedKills) | CredentialsOf(LocalKills);
    }

    /// <summary>Nothing loaded.</summary>
    public static PolicySnapshot Empty { get; } = new(null, [], [], null);

    /// <summary>The bundle, or null.</summary>
    public CompiledPolicy? Policy { get; }

    /// <summary>What a door fills for each request.</summary>
    public FactPlan Facts { get; }

    /// <summary>Version of the bundle, 0 without one.</summary>
    public long Version => Policy?.Version ?? 0;

    /// <summary>Digest of the bundle, empty without one.</summary>
    public string Digest => Policy?.Digest ?? string.Empty;

    /// <summary>Number of policies; indices in a decision are below it.</summary>
    public int PolicyCount => Policy?.Policies.Length ?? 0;

    /// <summary>Number of rules over all policies (fallback limits included); indices in a decision are below it.</summary>
    public int RuleCount => Policy?.Rules.Length ?? 0;

    /// <summary>
    /// All kill switches in force or waiting to expire, with where each comes from: <c>bundle</c>, <c>pushed</c> or <c>local</c>.
    /// </summary>
    public ImmutableArray<(KillSwitchDefinition Switch, string Origin)> KillSwitches
    {
        get
        {
            var all = ImmutableArray.CreateBuilder<(KillSwitchDefinition, string)>();
            AddAll(all, BundleKills.Switches, "bundle");
            AddAll(all, _pushed, "pushed");
            AddAll(all, _local, "local");
            return all.DrainToImmutable();
        }
    }

    internal KillSwitchIndex BundleKills { get; }

    internal KillSwitchIndex PushedKills { get; }

    internal KillSwitchIndex LocalKills { get; }

    private CredentialKinds KilledCredentials { get; }

    /// <summary>The same snapshot with another bundle; its kill switches stay.</summary>
    public PolicySnapshot WithPolicy(CompiledPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new PolicySnapshot(policy, _pushed, _local, this);
    }

    /// <summary>The same bundle with another whole set of pushed kill switches. Quick however large the bundle is.</summary>
    public PolicySnapshot WithPushedKillSwitches(ImmutableArray<KillSwitchDefinition> switches) => new(Policy, switches, _local, this);

    /// <summary>The same bundle with another whole set of local (break-glass) kill switches.</summary>
    public PolicySnapshot WithLocalKillSwitches(ImmutableArray<KillSwitchDefinition> switches) => new(Policy, _pushed, switches, this);

    /// <summary>Whether any policy looks at request bodies.</summary>
    public bool ReadsBodies => Policy is { ReadsBodies: true };

    /// <summary>
    /// Most of a request's body that the matching policies look at; 0 for none. A door reads so much before it decides, and no body otherwise.
    /// </summary>
    public int BodyBytes(ReadOnlySpan<byte> method, ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        if (Policy is not { ReadsBodies: true } policy)
        {
            return 0;
        }

        var bytes = 0;
        var matches = _matches ??= new MatchList();
        RouteMatcher.Match(policy.Routes, method, host, path, matches);
        foreach (var index in matches.Policies)
        {
            bytes = Math.Max(bytes, policy.Policies[index].BodyBytes);
        }

        return bytes;
    }

    /// <summary>Whether any policy lets webhooks' deliveries alone pass.</summary>
    public bool HasWebhooks => Policy is { HasWebhooks: true };

    /// <summary>Ids of the webhook providers whose deliveries the matching policies demand, each once; empty for most requests.</summary>
    public ImmutableArray<string> WebhooksFor(ReadOnlySpan<byte> method, ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        if (Policy is not { HasWebhooks: true } policy)
        {
            return [];
        }

        var matches = _matches ??= new MatchList();
        RouteMatcher.Match(policy.Routes, method, host, path, matches);
        ImmutableArray<string> webhooks = [];
        foreach (var index in matches.Policies)
        {
            if (policy.Policies[index].Identity?.Webhook is { } webhook && !webhooks.Contains(webhook))
            {
                webhooks = webhooks.Add(webhook);
            }
        }

        return webhooks;
    }

    /// <summary>Whether any policy leads to models or tools.</summary>
    public bool HasModels => Policy is { HasModels: true };

    /// <summary>
    /// The route to models or tools that a request takes: that of the policy which names its cluster, or else of the first policy that has one; null for
    /// any other request.
    /// </summary>
    public ModelRoute? ModelRouteFor(ReadOnlySpan<byte> method, ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        if (Policy is not { HasModels: true } policy)
        {
            return null;
        }

        var matches = _matches ??= new MatchList();
        RouteMatcher.Match(policy.Routes, method, host, path, matches);
        foreach (var index in matches.Policies)
        {
            if (policy.Policies[index].Models is { } models)
            {
                return models.Door;
            }
        }

        return null;
    }

    /// <summary>Kinds of credentials that anything looks at; of no others does a door have to know.</summary>
    public CredentialKinds Credentials => KilledCredentials | (Policy?.Credentials ?? CredentialKinds.None);

    /// <summary>Kinds of credentials that kill switches or matching policies look at; what is not among them need not be verified for this request.</summary>
    public CredentialKinds CredentialsFor(ReadOnlySpan<byte> method, ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        var kinds = KilledCredentials;
        if (Policy is { Credentials: not CredentialKinds.None } policy)
        {
            var matches = _matches ??= new MatchList();
            RouteMatcher.Match(policy.Routes, method, host, path, matches);
            foreach (var index in matches.Policies)
            {
                kinds |= policy.Policies[index].Credentials;
            }
        }

        return kinds;
    }

    /// <summary>Headers that carry verified values to the upstream of the policy that a decision names first: name in lower case, and slot.</summary>
    public ReadOnlySpan<ForwardHeader> ForwardHeaders(int policy) => Loaded.Policies[policy].ForwardHeaders;

    /// <summary>Names of all headers that carry verified values upstream, whatever the policy: nobody else may set them.</summary>
    public IEnumerable<string> IdentityHeaderNames
    {
        get
        {
            foreach (var policy in Policy?.Policies ?? [])
            {
                foreach (var header in policy.ForwardHeaders)
                {
                    yield return header.Name;
                }
            }
        }
    }

    /// <summary>Scopes that a policy demands.</summary>
    public ImmutableArray<string> PolicyScopes(int policy) => Loaded.Policies[policy].Identity?.Scopes ?? [];

    /// <summary>Whether a policy demands a verified identity, and whether a webhook's delivery.</summary>
    public (bool Credential, bool Delivery) PolicyDemands(int policy) =>
        Loaded.Policies[policy].Identity is { } identity ? (identity.DemandsCredential, identity.Webhook is not null) : default;

    /// <summary>Id of a policy.</summary>
    public string PolicyId(int policy) => Loaded.Policies[policy].Id;

    /// <summary>The policy that decides where such a request goes, which a decision names as <see cref="Decide.Decision.MatchedPolicy"/>; -1 for none.</summary>
    public int PolicyFor(ReadOnlySpan<byte> method, ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        if (Policy is not { } policy)
        {
            return Decide.Decision.None;
        }

        var matches = _matches ??= new MatchList();
        RouteMatcher.Match(policy.Routes, method, host, path, matches);
        return matches.Count > 0 ? matches.Policies[0] : Decide.Decision.None;
    }

    /// <summary>Cluster that a policy names, or null.</summary>
    public string? PolicyCluster(int policy) => Loaded.Policies[policy].Cluster;

    /// <summary>Names of all clusters that policies name.</summary>
    public IEnumerable<string> ClusterNames
    {
        get
        {
            foreach (var policy in Policy?.Policies ?? [])
            {
                if (policy.Cluster is { } cluster)
                {
                    yield return cluster;
                }
            }
        }
    }

    /// <summary>Route template of a policy: its selector, such as <c>/v1/*</c> or <c>api.example.com/login</c>; never a request's path.</summary>
    public string PolicyRoute(int policy) => RouteTemplate.Of(Loaded.Policies[policy].Selector);

    /// <summary>Name of a rule.</summary>
    public string RuleName(int rule) => Loaded.Rules[rule].Name;

    /// <summary>Policy that a rule belongs to.</summary>
    public int RulePolicy(int rule) => Loaded.Rules[rule].Policy;

    /// <summary>Number of limits over all rules; indices in a decision are below it.</summary>
    public int LimitCount => Policy?.Limits.Length ?? 0;

    /// <summary>Name of a limit within its rule (a level, <c>tpm</c>, <c>tpd</c>), or of a guard of a policy; empty for a rule's only limit.</summary>
    public string LimitName(int limit) => Loaded.Limits[limit].Name;

    /// <summary>Policy that a limit belongs to.</summary>
    public int LimitPolicy(int limit) => Loaded.Limits[limit].Policy;

    /// <summary>Rule that a limit belongs to, or -1 for a guard of a policy.</summary>
    public int LimitRule(int limit) => Loaded.Limits[limit].Rule;

    /// <summary>What a limit is counted by, in order.</summary>
    public ReadOnlySpan<DescriptorKey> LimitKeys(int limit) => Loaded.Limits[limit].Keys;

    /// <summary>
    /// Quota and window for <c>RateLimit-Policy</c>: whole units and seconds (burst and time to refill it for a token bucket). A window of 0
    /// means none: requests in flight.
    /// </summary>
    public (long Quota, int WindowSeconds) LimitQuota(int limit) => Loaded.Limits[limit].Told;

    /// <summary>Id of a kill switch that a decision names.</summary>
    public string KillSwitchId(int killSwitch) => KillSwitchAt(killSwitch).Id;

    /// <summary>Definition of a kill switch that a decision names: the bundle's come first, then the pushed and the local ones.</summary>
    internal KillSwitchDefinition KillSwitchAt(int killSwitch)
    {
        var bundle = BundleKills.Switches.Length;
        if (killSwitch < bundle)
        {
            return BundleKills.Switches[killSwitch];
        }

        killSwitch -= bundle;
        return killSwitch < _pushed.Length ? _pushed[killSwitch] : _local[killSwitch - _pushed.Length];
    }

    /// <summary>Index of the kill switch that refuses a request, or -1.</summary>
    internal int FindKillSwitch(FactSet facts, ReadOnlySpan<byte> path, long unixMilliseconds) =>
        _anyKills ? FindAmongKillSwitches(facts, path, unixMilliseconds) : -1;

    private int FindAmongKillSwitches(FactSet facts, ReadOnlySpan<byte> path, long unixMilliseconds)
    {
        int found;
        if (Policy is not null && Policy.KillSwitchOverrideUntil <= unixMilliseconds)
        {
            found = BundleKills.Find(facts, path, unixMilliseconds);
            if (found >= 0)
            {
                return found;
            }
        }

        found = PushedKills.Find(facts, path, unixMilliseconds);
        if (found >= 0)
        {
            return BundleKills.Switches.Length + found;
        }

        found = LocalKills.Find(facts, path, unixMilliseconds);
        return found >= 0 ? BundleKills.Switches.Length + _pushed.Length + found : -1;
    }

    private static CredentialKinds CredentialsOf(KillSwitchIndex index)
    {
        var kinds = CredentialKinds.None;
        foreach (var definition in index.Switches)
        {
            kinds |= FactPlan.CredentialOf(definition.ScopeKey.Kind);
        }

        return kinds;
    }

    private static void AddAll(
        ImmutableArray<(KillSwitchDefinition Switch, string Origin)>.Builder all,
        ImmutableArray<KillSwitchDefinition> switches,
        string origin)
    {
        foreach (var definition in switches)
        {
            all.Add((definition, origin));
        }
    }

    private CompiledPolicy Loaded => Policy ?? throw new InvalidOperationException("No bundle is loaded.");
}
