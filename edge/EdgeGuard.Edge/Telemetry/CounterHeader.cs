using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>Header of counter memory: what it is, in which layout, and which incarnation of the telemetry state.</summary>
/// <param name="Epoch">Random, positive; see <see cref="Contracts.TelemetryBatch.Epoch"/>.</param>
/// <param name="CreatedUnixMilliseconds">When counting began.</param>
internal readonly record struct CounterHeader(long Epoch, long CreatedUnixMilliseconds)
{
    private const int Format = 1;
    private const int Length = 40;
    private const int ChecksumLength = 16;

    private static ReadOnlySpan<byte> Magic => "EGTELEM\n"u8;

    /// <summary>A header with a new random epoch.</summary>
    public static CounterHeader Create(TimeProvider time)
    {
        Span<byte> random = stackalloc byte[sizeof(long)];
        RandomNumberGenerator.Fill(random);
        var epoch = (BinaryPrimitives.ReadInt64LittleEndian(random) & long.MaxValue) | 1;
        return new CounterHeader(epoch, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>Writes the header with its checksum.</summary>
    public void Write(Span<byte> destination)
    {
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], Format);
        BinaryPrimitives.WriteInt32LittleEndian(destination[12..], CounterLayout.Capacity);
        BinaryPrimitives.WriteInt32LittleEndian(destination[16..], CounterLayout.Stripes);
        BinaryPrimitives.WriteInt32LittleEndian(destination[20..], CounterLayout.NameBytes);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(destination[32..], CreatedUnixMilliseconds);
        SHA256.HashData(destination[..Length])[..ChecksumLength].CopyTo(destination[Length..]);
    }

    /// <summary>Reads; null for anything torn, foreign, or of another format or layout.</summary>
    public static CounterHeader? Read(ReadOnlySpan<byte> source)
    {
        var fits = source.StartsWith(Magic)
            && BinaryPrimitives.ReadInt32LittleEndian(source[8..]) == Format
            && BinaryPrimitives.ReadInt32LittleEndian(source[12..]) == CounterLayout.Capacity
            && BinaryPrimitives.ReadInt32LittleEndian(source[16..]) == CounterLayout.Stripes
            && BinaryPrimitives.ReadInt32LittleEndian(source[20..]) == CounterLayout.NameBytes
            && SHA256.HashData(source[..Length]).AsSpan(0, ChecksumLength).SequenceEqual(source.Slice(Length, ChecksumLength));
        return fits
            ? new CounterHeader(BinaryPrimitives.ReadInt64LittleEndian(source[24..]), BinaryPrimitives.ReadInt64LittleEndian(source[32..]))
            : null;
    }
}
