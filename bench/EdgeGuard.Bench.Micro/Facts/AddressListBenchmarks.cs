using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using EdgeGuard.Engine.Addresses;

namespace EdgeGuard.Bench.Micro.Facts;

/// <summary>Looking addresses up in a list of a million networks, and reading that list.</summary>
[MemoryDiagnoser]
public class AddressListBenchmarks
{
    private const int Addresses = 1024;
    private readonly IpValue[] _v4 = new IpValue[Addresses];
    private readonly IpValue[] _v6 = new IpValue[Addresses];
    private byte[] _text = [];
    private AddressList? _list;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(7);
        var text = new StringBuilder();
        for (var i = 0; i < 800_000; i++)
        {
            var start = (uint)i * 5120;
            text.Append(CultureInfo.InvariantCulture, $"{start >> 24}.{(start >> 16) & 255}.{(start >> 8) & 255}.0/24 AS{(i % 70_000) + 1}\n");
        }

        for (var i = 0; i < 200_000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"2{(i >> 16) & 15:x}01:{i & 0xFFFF:x}::/32 AS{(i % 70_000) + 1}\n");
        }

        _text = Encoding.ASCII.GetBytes(text.ToString());
        _list = Read();
        for (var i = 0; i < Addresses; i++)
        {
            _v4[i] = IpValue.V4((uint)random.NextInt64(uint.MaxValue));
            _v6[i] = IpValue.V6(((UInt128)0x2001 << 112) | ((UInt128)random.NextInt64(0x10000) << 96) | (ulong)random.NextInt64());
        }
    }

    [Benchmark]
    public AddressList? Read()
    {
        var reader = new AddressListReader(AddressListKind.Asn, "bench.txt");
        reader.Feed(_text);
        return reader.Finish(out _);
    }

    [Benchmark(OperationsPerInvoke = Addresses)]
    public uint FindV4() => Find(_v4);

    [Benchmark(OperationsPerInvoke = Addresses)]
    public uint FindV6() => Find(_v6);

    private uint Find(IpValue[] addresses)
    {
        var sum = 0u;
        foreach (var address in addresses)
        {
            sum += _list!.Find(address);
        }

        return sum;
    }
}
