using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Answers;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Matching;

namespace EdgeGuard.Engine.Compile;

/// <summary>A bundle compiled for deciding: immutable, shared by all threads.</summary>
public sealed class CompiledPolicy
{
    private readonly ConditionalWeakTable<CounterTable, TableBinding> _bindings = [];
    private TableBinding? _binding;

    internal CompiledPolicy(CompiledParts parts)
    {
        Digest = parts.Digest;
        Version = parts.Version;
        Policies = parts.Policies;
        Rules = parts.Rules;
        Limits = parts.Limits;
        Routes = parts.Routes;
        Slots = parts.Slots;
        SlotNumbers = parts.SlotNumbers;
        FirstIssuer = parts.FirstIssuer;
        KillSwitches = parts.KillSwitches;
        GlobalShadowUntil = parts.GlobalShadowUntil;
        KillSwitchOverrideUntil = parts.KillSwitchOverrideUntil;
        foreach (ref readonly var policy in Policies.AsSpan())
        {
            ReadsBodies |= policy.BodyBytes > 0;
            Credentials |= policy.Credentials;
            HasWebhooks |= policy.Identity?.Webhook is not null;
            HasModels |= policy.Models is not null;
            OpensWithoutBundle |= (policy.Opens & FailureCauses.NoBundle) != FailureCauses.None;
            HasDoors |= policy.Doors is not null;
            HasCors |= policy.Doors?.Cors is not null;
            HasRequestLimits |= policy.Doors?.Limits is not null;
        }

        Probes = parts.Probes;
        Answers = new AnswerTable(parts.SecurityHeaders, Policies);
    }

    internal string Digest { get; }

    internal long Version { get; }

    internal CompiledPolicyEntry[] Policies { get; }

    /// <summary>Whether any policy looks at request bodies.</summary>
    internal bool ReadsBodies { get; }

    /// <summary>Whether any policy lets webhooks' deliveries alone pass.</summary>
    internal bool HasWebhooks { get; }

    /// <summary>Whether any policy leads to models or tools.</summary>
    internal bool HasModels { get; }

    /// <summary>Whether any policy goes on by a bundle that has expired.</summary>
    internal bool OpensWithoutBundle { get; }

    /// <summary>Whether any policy says something for the doors.</summary>
    internal bool HasDoors { get; }

    /// <summary>Whether any policy says which web pages may call.</summary>
    internal bool HasCors { get; }

    /// <summary>Whether any policy bounds requests.</summary>
    internal bool HasRequestLimits { get; }

    /// <summary>Requests that must be admitted or refused before an edge is ready.</summary>
    internal ImmutableArray<ProbeDefinition> Probes { get; }

    /// <summary>What answers tell in addition.</summary>
    internal AnswerTable Answers { get; }

    /// <summary>Kinds of credentials that any policy looks at.</summary>
    internal CredentialKinds Credentials { get; }

    /// <summary>Rules of all policies, fallback limits included.</summary>
    internal CompiledRule[] Rules { get; }

    /// <summary>Limits of all rules, those on trial included.</summary>
    internal CompiledLimit[] Limits { get; }

    internal RouteIndex Routes { get; }

    /// <summary>What the bundle reads of a request, its own kill switches not included.</summary>
    internal ImmutableArray<DescriptorKey> Slots { get; }

    internal Dictionary<DescriptorKey, int> SlotNumbers { get; }

    /// <summary>Id of the first issuer, or empty: whose a policy test's token is.</summary>
    internal string FirstIssuer { get; }

    internal ImmutableArray<KillSwitchDefinition> KillSwitches { get; }

    /// <summary>Unix milliseconds until which all policies are shadow policies.</summary>
    internal long GlobalShadowUntil { get; }

    /// <summary>Unix milliseconds until which the bundle's own kill switches are muted.</summary>
    internal long KillSwitchOverrideUntil { get; }

    /// <summary>What this bundle is in a table; made on first use and kept as long as the table, the one that was asked for last at hand.</summary>
    internal TableBinding BindingFor(CounterTable table)
    {
        var binding = Volatile.Read(ref _binding);
        return binding is not null && ReferenceEquals(binding.Table, table) ? binding : Bind(table);
    }

    private TableBinding Bind(CounterTable table)
    {
        lock (_bindings)
        {
            if (!_bindings.TryGetValue(table, out var binding))
            {
                binding = new TableBinding(this, table);
                _bindings.Add(table, binding);
            }

            Volatile.Write(ref _binding, binding);
            return binding;
        }
    }
}
