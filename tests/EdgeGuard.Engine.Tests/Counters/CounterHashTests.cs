using System.Buffers.Binary;
using System.Numerics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class CounterHashTests
{
    private static readonly UInt128 Key = new(0x0f0e0d0c0b0a0908, 0x0706050403020100);

    [Fact]
    public void Reference_WithTwoAndFourRounds_IsTheTestedHash()
    {
        var random = Seeds.Next(out var seed);
        for (var i = 0; i < 300; i++)
        {
            var message = new byte[random.Next(0, 90)];
            random.NextBytes(message);
            Assert.True(SipHash.Hash(Key, message) == Reference(Key, message, 2, 4), $"seed {seed}");
        }
    }

    [Fact]
    public void Finish_OfWholeWords_IsSipHash13()
    {
        var random = Seeds.Next(out var seed);
        for (var i = 0; i < 300; i++)
        {
            var message = new byte[random.Next(0, 40) * 8];
            random.NextBytes(message);
            var hash = new CounterHash(Key);
            for (var at = 0; at < message.Length; at += 8)
            {
                hash.Append(BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)));
            }

            var name = hash.Finish();
            Assert.True((name.Low, name.High) == Reference(Key, message, 1, 3), $"seed {seed}");
        }
    }

    [Fact]
    public void NameOfACounter_IsTheHashOfPrefixValuesAndLengths()
    {
        var random = Seeds.Next(out var seed);
        for (var i = 0; i < 500; i++)
        {
            var values = new byte[random.Next(0, 10)][];
            for (var slot = 0; slot < values.Length; slot++)
            {
                values[slot] = new byte[random.Next(0, 3) == 0 ? 0 : random.Next(1, 40)];
                random.NextBytes(values[slot]);
            }

            var text = new List<byte>();
            Word(text, (ulong)values.Length);
            var lengths = 0UL;
            for (var slot = 0; slot < values.Length; slot++)
            {
                if (slot > 0 && slot % 4 == 0)
                {
                    Word(text, lengths);
                    lengths = 0;
                }

                text.AddRange(values[slot]);
                text.AddRange(new byte[-values[slot].Length & 7]);
                lengths |= (ulong)values[slot].Length << (14 * (slot % 4));
            }

            var seven = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(seven, lengths);
            text.AddRange(seven[..7]);
            var name = NameOf(values);
            Assert.True((name.Low, name.High) == Reference(Key, [.. text], 1, 3), $"seed {seed}");
        }
    }

    [Fact]
    public void NamesOfCounters_OfValuesThatReadAlike_Differ()
    {
        // Every way to cut four texts into one to six values, some of them missing: the same bytes, other lengths.
        var names = new Dictionary<CounterKey, string>();
        foreach (var text in (ReadOnlySpan<string>)["aaaaaaaaaaaaaaaa", "\0\0\0\0\0\0\0\0\0", "\u0001", "\u0008\0\0\0\0\0\0\0a"])
        {
            for (var slots = 1; slots <= 6; slots++)
            {
                foreach (var cut in Cuts(text.Length, slots))
                {
                    var values = new byte[slots][];
                    var at = 0;
                    for (var slot = 0; slot < slots; slot++)
                    {
                        values[slot] = System.Text.Encoding.UTF8.GetBytes(text.Substring(at, cut[slot]));
                        at += cut[slot];
                    }

                    var list = slots + ":" + string.Join('|', values.Select(Convert.ToHexString));
                    Assert.True(names.TryAdd(NameOf(values), list) || names[NameOf(values)] == list, list);
                }
            }
        }

        Assert.True(names.Count > 10_000, $"{names.Count} names");
    }

    [Fact]
    public void Lengths_HaveRoomForTheLongestValue() => Assert.True(FactSet.MaxValueBytes < 1 << CounterName.LengthBits);

    private static IEnumerable<int[]> Cuts(int length, int slots) => slots == 1
        ? [[length]]
        : Enumerable.Range(0, length + 1).SelectMany(first => Cuts(length - first, slots - 1).Select(rest => (int[])[first, .. rest]));

    // How many values there are is in the prefix of a limit.
    private static CounterKey NameOf(byte[][] values)
    {
        var prefix = new CounterHash(Key);
        prefix.Append((ulong)values.Length);
        var limit = new LimitBinding { Prefix = prefix, Slots = [.. Enumerable.Range(0, values.Length)] };
        var facts = new FactSet();
        facts.Begin(new FactPlan([.. values.Select((_, i) => new DescriptorKey(DescriptorKind.Header, $"h{i}"))]));
        for (var slot = 0; slot < values.Length; slot++)
        {
            facts.Set(slot, values[slot]);
        }

        return CounterName.Of(in limit, facts);
    }

    private static void Word(List<byte> text, ulong word)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, word);
        text.AddRange(bytes);
    }

    // As the paper writes it, with any number of rounds.
    private static (ulong Low, ulong High) Reference(UInt128 key, byte[] message, int rounds, int lastRounds)
    {
        ulong[] v =
        [
            0x736f6d6570736575 ^ (ulong)key, 0x646f72616e646f6d ^ (ulong)(key >> 64) ^ 0xee,
            0x6c7967656e657261 ^ (ulong)key, 0x7465646279746573 ^ (ulong)(key >> 64),
        ];
        var padded = new byte[(message.Length / 8 * 8) + 8];
        message.CopyTo(padded, 0);
        padded[^1] = (byte)message.Length;
        for (var at = 0; at < padded.Length; at += 8)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(padded.AsSpan(at));
            v[3] ^= word;
            Rounds(v, rounds);
            v[0] ^= word;
        }

        v[2] ^= 0xee;
        Rounds(v, lastRounds);
        var low = v[0] ^ v[1] ^ v[2] ^ v[3];
        v[1] ^= 0xdd;
        Rounds(v, lastRounds);
        return (low, v[0] ^ v[1] ^ v[2] ^ v[3]);
    }

    private static void Rounds(ulong[] v, int count)
    {
        for (var i = 0; i < count; i++)
        {
            v[0] += v[1];
            v[2] += v[3];
            v[1] = BitOperations.RotateLeft(v[1], 13) ^ v[0];
            v[3] = BitOperations.RotateLeft(v[3], 16) ^ v[2];
            v[0] = BitOperations.RotateLeft(v[0], 32);
            v[2] += v[1];
            v[0] += v[3];
            v[1] = BitOperations.RotateLeft(v[1], 17) ^ v[2];
            v[3] = BitOperations.RotateLeft(v[3], 21) ^ v[0];
            v[2] = BitOperations.RotateLeft(v[2], 32);
        }
    }
}
