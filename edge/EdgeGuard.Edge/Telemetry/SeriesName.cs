using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Contracts;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>
/// The labels of one series in counter memory: length, four bytes of checksum, then the fields. The length is written last and cleared first,
/// so that a crash leaves a whole name or none.
/// </summary>
internal static class SeriesName
{
    private const int FieldsOffset = 8;

    /// <summary>Longest policy, rule or route told, in characters; the control plane takes no longer one.</summary>
    private const int MaxLabel = 256;

    /// <summary>Longest one once all three together are too long for their place.</summary>
    private const int CutLength = 100;

    /// <summary>The labels as they are kept: with a count of 0, and cut when they are longer than their place.</summary>
    public static DecisionCount Normalize(DecisionCount labels)
    {
        var kept = CutTo(labels with { Count = 0 }, MaxLabel);
        return Fields(kept).Length <= CounterLayout.NameBytes - FieldsOffset ? kept : CutTo(kept, CutLength);
    }

    /// <summary>Writes labels that <see cref="Normalize"/> gave.</summary>
    public static void Write(Span<byte> place, DecisionCount labels)
    {
        Clear(place);
        var fields = Fields(labels);
        fields.CopyTo(place[FieldsOffset..]);
        SHA256.HashData(fields).AsSpan(0, sizeof(int)).CopyTo(place[sizeof(int)..]);
        Interlocked.MemoryBarrier();
        BinaryPrimitives.WriteInt32LittleEndian(place, fields.Length);
    }

    /// <summary>Takes the name off its place.</summary>
    public static void Clear(Span<byte> place)
    {
        BinaryPrimitives.WriteInt32LittleEndian(place, 0);
        Interlocked.MemoryBarrier();
    }

    /// <summary>Reads; null for an empty or torn place.</summary>
    public static DecisionCount? Read(ReadOnlySpan<byte> place)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(place);
        if (length is <= 0 or > CounterLayout.NameBytes - FieldsOffset)
        {
            return null;
        }

        var fields = place.Slice(FieldsOffset, length).ToArray();
        if (!SHA256.HashData(fields).AsSpan(0, sizeof(int)).SequenceEqual(place.Slice(sizeof(int), sizeof(int))))
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(fields), Encoding.UTF8);
        return new DecisionCount(
            reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(),
            reader.ReadBoolean(), reader.ReadInt64(), 0);
    }

    private static byte[] Fields(DecisionCount labels)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(labels.Policy);
        writer.Write(labels.Rule);
        writer.Write(labels.Verdict);
        writer.Write(labels.Reason);
        writer.Write(labels.Route);
        writer.Write(labels.Shadow);
        writer.Write(labels.BundleVersion);
        writer.Flush();
        return bytes.ToArray();
    }

    private static DecisionCount CutTo(DecisionCount labels, int length) => labels with
    {
        Policy = Cut(labels.Policy, length),
        Rule = Cut(labels.Rule, length),
        Route = Cut(labels.Route, length),
    };

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
