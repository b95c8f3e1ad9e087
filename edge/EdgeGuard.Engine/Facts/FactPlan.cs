using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Facts;

/// <summary>The facts that a snapshot reads. A door walks it once a request and fills a <see cref="FactSet"/>. Immutable.</summary>
public sealed class FactPlan
{
    /// <summary>A plan of these facts, in slot order.</summary>
    public FactPlan(ImmutableArray<DescriptorKey> slots)
    {
        Slots = slots;
        foreach (var slot in slots)
        {
            NeedsClaims |= slot.Kind == DescriptorKind.Claim;
            NeedsQuery |= slot.Kind == DescriptorKind.Query;
            NeedsAddress |= slot.Kind == DescriptorKind.IpAddress;
        }
    }

    /// <summary>All facts; the index is the slot.</summary>
    public ImmutableArray<DescriptorKey> Slots { get; }

    /// <summary>Whether any fact is a claim, so that a token has to be verified.</summary>
    public bool NeedsClaims { get; }

    public bool NeedsQuery { get; }

    public bool NeedsAddress { get; }
}
