using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Matching;

namespace EdgeGuard.Engine.Compile;

/// <summary>What a compiled bundle is made of.</summary>
internal sealed record CompiledParts
{
    public required string Digest { get; init; }

    public required long Version { get; init; }

    public required CompiledPolicyEntry[] Policies { get; init; }

    /// <summary>Rules of all policies, fallback limits included.</summary>
    public required CompiledRule[] Rules { get; init; }

    /// <summary>Limits of all rules, those on trial included.</summary>
    public required CompiledLimit[] Limits { get; init; }

    public required RouteIndex Routes { get; init; }

    /// <summary>What the bundle reads of a request, its own kill switches not included.</summary>
    public required ImmutableArray<DescriptorKey> Slots { get; init; }

    public required Dictionary<DescriptorKey, int> SlotNumbers { get; init; }

    /// <summary>Id of the first issuer, or empty: whose a policy test's token is.</summary>
    public required string FirstIssuer { get; init; }

    public required ImmutableArray<KillSwitchDefinition> KillSwitches { get; init; }

    /// <summary>Requests that must be admitted or refused before an edge is ready.</summary>
    public required ImmutableArray<ProbeDefinition> Probes { get; init; }

    /// <summary>Headers of every response, unless a policy says otherwise.</summary>
    public required SecurityHeadersDefinition SecurityHeaders { get; init; }

    /// <summary>Unix milliseconds until which all policies are shadow policies.</summary>
    public required long GlobalShadowUntil { get; init; }

    /// <summary>Unix milliseconds until which the bundle's own kill switches are muted.</summary>
    public required long KillSwitchOverrideUntil { get; init; }
}
