using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Addresses;

namespace EdgeGuard.Engine.Facts;

/// <summary>The facts that a snapshot reads. A door walks it once a request and fills a <see cref="FactSet"/>. Immutable.</summary>
public sealed class FactPlan
{
    private const string MemberMark = "[*]=";

    private const int Kinds = (int)DescriptorKind.McpProperty + 1;

    private readonly ImmutableArray<FactSlot>[] _byKind = new ImmutableArray<FactSlot>[Kinds];

    /// <summary>A plan of these facts, in slot order.</summary>
    public FactPlan(ImmutableArray<DescriptorKey> slots)
    {
        Slots = slots;
        var byKind = new ImmutableArray<FactSlot>.Builder?[Kinds];
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var key = slots[slot];
            Credentials |= CredentialOf(key.Kind);
            (byKind[(int)key.Kind] ??= ImmutableArray.CreateBuilder<FactSlot>()).Add(SlotOf(slot, key));
        }

        for (var kind = 0; kind < Kinds; kind++)
        {
            _byKind[kind] = byKind[kind]?.ToImmutable() ?? [];
        }
    }

    /// <summary>All facts; the index is the slot.</summary>
    public ImmutableArray<DescriptorKey> Slots { get; }

    /// <summary>Whether any fact is a claim, so that a token has to be verified.</summary>
    public bool NeedsClaims => Needs(DescriptorKind.Claim) || Needs(DescriptorKind.ClaimMember);

    /// <summary>Kinds of credentials that any fact is read from.</summary>
    public CredentialKinds Credentials { get; }

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

    /// <summary>The kind of credential that facts of a kind are read from, or none.</summary>
    public static CredentialKinds CredentialOf(DescriptorKind kind) => kind switch
    {
        DescriptorKind.Claim or DescriptorKind.ClaimMember => CredentialKinds.Jwt,
        DescriptorKind.KeyProperty => CredentialKinds.ApiKey,
        DescriptorKind.AgentProperty => CredentialKinds.Agent,
        DescriptorKind.CertificateProperty => CredentialKinds.Certificate,
        _ => CredentialKinds.None,
    };

    /// <summary>The key of the fact whether a list claim has a member.</summary>
    public static DescriptorKey MemberKey(DescriptorKey list, string member) => list with { Name = list.Name + "=" + member };

    private static FactSlot SlotOf(int slot, DescriptorKey key)
    {
        if (key.Kind != DescriptorKind.ClaimMember)
        {
            return new FactSlot(slot, key.Name, NumberOf(key));
        }

        // No claim's name holds a bracket, so the first mark is the one.
        var mark = key.Name.IndexOf(MemberMark, StringComparison.Ordinal);
        return mark < 0
            ? new FactSlot(slot, key.Name, 0)
            : new FactSlot(slot, key.Name[..mark], 0) { Member = key.Name[(mark + MemberMark.Length)..] };
    }

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
