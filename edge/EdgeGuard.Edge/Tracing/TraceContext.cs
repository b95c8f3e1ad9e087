using System.Buffers.Binary;
using System.Text;

namespace EdgeGuard.Edge.Tracing;

/// <summary>
/// Where a request stands in a distributed trace: W3C Trace Context, the recommendation of 23 November 2021. It links a decision to what the
/// client knows; it is never what a decision is looked up by, because the client chooses it.
/// </summary>
/// <param name="TraceId">The trace; never zero.</param>
/// <param name="ParentId">Span of the caller; 0 when the trace begins here.</param>
/// <param name="SpanId">Span of this edge: the parent that an upstream is told; never zero.</param>
/// <param name="IsSampled">The one flag that version 00 knows.</param>
internal readonly record struct TraceContext(UInt128 TraceId, ulong ParentId, ulong SpanId, bool IsSampled)
{
    /// <summary>Length of version 00; a later version may only be longer.</summary>
    public const int Length = 55;

    private const int TraceStart = 3;
    private const int ParentStart = 36;
    private const int FlagsStart = 53;

    /// <summary>Whether the caller's trace goes on.</summary>
    public bool IsContinued => ParentId != 0;

    /// <summary>Begins a trace.</summary>
    /// <param name="sampledBelow">Of 2^56 equally likely numbers, how many are marked sampled.</param>
    public static TraceContext Begin(ulong sampledBelow)
    {
        var trace = RandomIds.Next128();

        // By the rightmost 56 bits, as samplers by ratio do: all who look at one trace decide alike.
        return new TraceContext(trace, 0, RandomIds.Next64(), ((ulong)trace & ((1UL << 56) - 1)) < sampledBelow);
    }

    /// <summary>
    /// Continues a trace. Strict: digits in lower case, no id of zeros, no version ff, and version 00 has nothing behind it. Of a version that
    /// is not known yet the fields of 00 are read, whatever comes behind a further hyphen is left alone, and 00 is sent on (section 3.2.4 and
    /// 4.3).
    /// </summary>
    public static bool TryContinue(ReadOnlySpan<char> header, out TraceContext context)
    {
        context = default;
        if (header.Length < Length || header[2] != '-' || header[35] != '-' || header[52] != '-'
            || !LowerHex.TryParse(header[..2], 2, out var version) || version == 0xff
            || !LowerHex.TryParse(header.Slice(TraceStart, 32), 32, out var trace) || trace == UInt128.Zero
            || !LowerHex.TryParse(header.Slice(ParentStart, 16), 16, out var parent) || parent == UInt128.Zero
            || !LowerHex.TryParse(header.Slice(FlagsStart, 2), 2, out var flags))
        {
            return false;
        }

        if (header.Length > Length && (version == UInt128.Zero || header[Length] != '-'))
        {
            return false;
        }

        context = new TraceContext(trace, (ulong)parent, RandomIds.Next64(), ((uint)flags & 1) != 0);
        return true;
    }

    /// <summary>As <see cref="ToHeader"/>, as ASCII into room for all 55 bytes.</summary>
    public void Format(Span<byte> ascii)
    {
        "00-"u8.CopyTo(ascii);
        Span<byte> ids = stackalloc byte[3 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt128BigEndian(ids, TraceId);
        BinaryPrimitives.WriteUInt64BigEndian(ids[(2 * sizeof(ulong))..], SpanId);

        // A tenth of the time that the numbers themselves would take.
        _ = Convert.TryToHexStringLower(ids[..(2 * sizeof(ulong))], ascii[TraceStart..], out _);
        ascii[ParentStart - 1] = (byte)'-';
        _ = Convert.TryToHexStringLower(ids[(2 * sizeof(ulong))..], ascii[ParentStart..], out _);
        (IsSampled ? "-01"u8 : "-00"u8).CopyTo(ascii[(FlagsStart - 1)..]);
    }

    /// <summary>The <c>traceparent</c> for an upstream: version 00, this edge as the parent, and no flag that 00 does not know.</summary>
    public string ToHeader()
    {
        Span<byte> ascii = stackalloc byte[Length];
        Format(ascii);
        return Encoding.ASCII.GetString(ascii);
    }
}
