using System.Collections.Frozen;

namespace EdgeGuard.Engine.Addresses;

/// <summary>What a data file says of addresses. Immutable; a look-up allocates nothing.</summary>
public sealed class AddressList
{
    private readonly RangeTable<uint> _v4;
    private readonly RangeTable<UInt128> _v6;
    private readonly FrozenDictionary<uint, uint> _systems;

    internal AddressList(AddressListKind kind, RangeTable<uint> v4, RangeTable<UInt128> v6, FrozenDictionary<uint, uint> systems, int entries)
    {
        Kind = kind;
        Entries = entries;
        _v4 = v4;
        _v6 = v6;
        _systems = systems;
    }

    public AddressListKind Kind { get; }

    /// <summary>Lines that said something.</summary>
    public int Entries { get; }

    /// <summary>Memory of the tables, roughly.</summary>
    public long Bytes => _v4.Bytes + _v6.Bytes + (_systems.Count * 32L);

    /// <summary>Whether lines are about autonomous systems, so that an address's system has to be known.</summary>
    public bool HasSystems => _systems.Count > 0;

    /// <summary>Value of the longest prefix that an address is in; 0 for none.</summary>
    public uint Find(IpValue address) => address.IsV4 ? _v4.Find((uint)address.Bits) : _v6.Find(address.Bits);

    /// <summary>Value of an autonomous system; 0 for none.</summary>
    public uint FindSystem(uint system) => _systems.GetValueOrDefault(system);
}
