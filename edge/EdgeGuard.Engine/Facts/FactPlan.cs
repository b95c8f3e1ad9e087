using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Addresses;

namespace EdgeGuard.Engine.Facts;

/// <summary>The facts that a snapshot reads. A door walks it once a request and fills a <see cref="FactSet"/>. Immutable.</summary>
public sealed class FactPlan
{
    private const int Kinds = (int)DescriptorKind.TrustedHeader + 1;

    private readonly ImmutableArray<FactSlot>[] _byKind = new ImmutableArray<FactSlot>[Kinds];

    /// <summary>A plan of these facts, in slot order.</summary>
    public FactPlan(ImmutableArray<DescriptorKey> slots)
    {
        Slots = slots;
        var byKind = new ImmutableArray<FactSlot>.Builder?[Kinds];
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var key = slots[slot];
            (byKind[(int)key.Kind] ??= ImmutableArray.CreateBuilder<FactSlot>()).Add(new FactSlot(slot, key.Name, NumberOf(key)));
        }

        for (var kind = 0; kind < Kinds; kind++)
        {
            _byKind[kind] = byKind[kind]?.ToImmutable() ?? [];
        }
    }

    /// <summary>All facts; the index is the slot.</summary>
    public ImmutableArray<DescriptorKey> Slots { get; }

    /// <summary>Whether any fact is a claim, so that a token has to be verified.</summary>
    public bool NeedsClaims => Needs(DescriptorKind.Claim);

    public bool NeedsQuery => Needs(DescriptorKind.Query);

    /// <summary>Whether the client's address itself is a fact.</summary>
    public bool NeedsAddress => Needs(DescriptorKind.IpAddress);

    /// <summary>Whether anything is asked that is known of an address: its country, system, kind of network or whether it is a Tor exit.</summary>
    public bool NeedsNetwork =>
        Needs(DescriptorKind.IpCountry) || Needs(DescriptorKind.IpAsn) || Needs(DescriptorKind.IpType) || Needs(DescriptorKind.IpTor);

    public bool NeedsUserAgent => Needs(DescriptorKind.UaBot) || Needs(DescriptorKind.UaBotCategory);

    public bool NeedsCookies => Needs(DescriptorKind.Cookie);

    /// <summary>Whether any fact is of this kind.</summary>
    public bool Needs(DescriptorKind kind) => !_byKind[(int)kind].IsEmpty;

    /// <summary>The facts of one kind, in slot order.</summary>
    public ImmutableArray<FactSlot> SlotsOf(DescriptorKind kind) => _byKind[(int)kind];

    private static int NumberOf(DescriptorKey key) => key.Kind switch
    {
        // A name that is no number comes from no bundle that the reader accepted; it is then a segment that no path has, or whole addresses.
        DescriptorKind.PathSegment => int.TryParse(key.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var segment) ? segment : 0,
        DescriptorKind.IpAddress => int.TryParse(key.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            ? Math.Clamp(prefix, 0, IpValue.MaxPrefix)
            : IpValue.MaxPrefix,
        _ => 0,
    };
}
