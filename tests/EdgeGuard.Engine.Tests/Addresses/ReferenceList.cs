using System.Text;
using EdgeGuard.Engine.Addresses;

namespace EdgeGuard.Engine.Tests.Addresses;

/// <summary>Longest prefix match by looking at every network.</summary>
internal sealed class ReferenceList
{
    private readonly Dictionary<(UInt128 Start, int Length, bool IsV4), uint> _networks = [];

    /// <summary>Adds a network that may lie in others or hold them, and gives its line.</summary>
    public string AddRandom(Random random)
    {
        var isV4 = random.Next(2) == 0;
        var bits = isV4 ? 32 : 128;
        var length = random.Next(bits + 1);

        // Few places to begin at, so that networks nest and touch; never ::ffff:0:0/96, which is IPv4.
        var start = (UInt128)random.NextInt64(8) << (bits - 3);
        start |= (UInt128)random.NextInt64(4) << (bits / 2);
        start |= (UInt128)random.NextInt64(3);
        start &= Mask(length, bits);
        if (!_networks.TryGetValue((start, length, isV4), out var value))
        {
            value = (uint)random.Next(0, 5);
            _networks[(start, length, isV4)] = value;
        }

        return $"{Text(start, isV4)}/{length} {(value == 0 ? "-" : $"AS{value}")}";
    }

    public IEnumerable<IpValue> Probes(Random random)
    {
        foreach (var (start, length, isV4) in _networks.Keys)
        {
            var bits = isV4 ? 32 : 128;
            var last = start | ~Mask(length, bits);
            foreach (var address in (UInt128[])[start, last, start - 1, last + 1, start + 1, start + (UInt128)random.Next()])
            {
                yield return isV4 ? IpValue.V4((uint)address) : IpValue.V6(address);
            }
        }
    }

    public uint Find(IpValue address)
    {
        var bits = address.IsV4 ? 32 : 128;
        for (var length = bits; length >= 0; length--)
        {
            if (_networks.TryGetValue((address.Bits & Mask(length, bits), length, address.IsV4), out var value))
            {
                return value;
            }
        }

        return 0;
    }

    private static UInt128 Mask(int length, int bits)
    {
        var mask = length == 0 ? 0 : UInt128.MaxValue << (bits - length);
        return bits == 32 ? mask & uint.MaxValue : mask;
    }

    private static string Text(UInt128 start, bool isV4)
    {
        Span<byte> text = stackalloc byte[IpValue.MaxTextBytes];
        var address = isV4 ? IpValue.V4((uint)start) : IpValue.V6(start);
        return Encoding.ASCII.GetString(text[..address.Write(IpValue.MaxPrefix, text)]);
    }
}
