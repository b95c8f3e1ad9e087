using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Answers;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Compile;

/// <summary>One policy of a bundle.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Selector">Where it applies.</param>
/// <param name="Shadow">Whether its verdict counts for nothing.</param>
/// <param name="FirstRule">Index of its first rule.</param>
/// <param name="RuleCount">Number of its rules, without the fallback limit.</param>
/// <param name="Fallback">Index of its fallback limit, or -1.</param>
/// <param name="Cluster">Upstream cluster, or null.</param>
/// <param name="BodyBytes">Most of a request body that its limits look at; 0 for none.</param>
/// <param name="Guards">What protects it as a whole, or null.</param>
/// <param name="Identity">What it demands of its caller, or null.</param>
/// <param name="Credentials">Kinds of credentials that anything of it looks at.</param>
/// <param name="ForwardHeaders">Headers that carry verified values upstream, with the slots of the values.</param>
/// <param name="Models">What makes it lead to models or tools, or null.</param>
/// <param name="Opens">What it goes on without when the edge cannot know it.</param>
/// <param name="Doors">What it says for the doors, or null.</param>
internal readonly record struct CompiledPolicyEntry(
    string Id,
    SelectorDefinition Selector,
    bool Shadow,
    int FirstRule,
    int RuleCount,
    int Fallback,
    string? Cluster,
    int BodyBytes,
    CompiledGuards? Guards,
    CompiledIdentity? Identity,
    CredentialKinds Credentials,
    ForwardHeader[] ForwardHeaders,
    CompiledModelRoute? Models,
    FailureCauses Opens,
    DoorSettings? Doors);
