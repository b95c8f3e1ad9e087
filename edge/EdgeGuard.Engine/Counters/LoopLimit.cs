using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Counters;

/// <summary>A policy's loop detection as a table counts it. Immutable.</summary>
internal sealed class LoopLimit
{
    /// <summary>Bits of a signature that a cell keeps.</summary>
    public const int SignatureBits = 48;

    private const ulong PurposeMark = 0x100;
    private const ulong NameMark = 0x101;
    private const long MillisecondsPerSecond = 1000;

    /// <param name="definition">What the policy says.</param>
    /// <param name="policyId">The policy.</param>
    /// <param name="callerKeys">The limit keys of all its rules, without repeats: together they are the caller.</param>
    /// <param name="callerSlots">Where their values are.</param>
    /// <param name="table">The table.</param>
    /// <param name="holder">Who uses the limit; see <see cref="GenerationRegistry.IndexOf"/>.</param>
    public LoopLimit(
        LoopDetectionDefinition definition,
        string policyId,
        ReadOnlySpan<DescriptorKey> callerKeys,
        int[] callerSlots,
        CounterTable table,
        object? holder)
    {
        WindowMilliseconds = definition.WindowSeconds * MillisecondsPerSecond;
        Threshold = (ulong)definition.Threshold;
        Action = definition.Action;
        Parts = definition.Near ? 3 : 1;
        MaxCycleLength = definition.MaxCycleLength;
        MaxDistance = DistanceOf(definition.SimilarityPercent);
        CallerSlots = callerSlots;
        CallerKinds = new DescriptorKind[callerKeys.Length];
        var prefix = new SipHash(table.Seed);
        KeyText.Append(ref prefix, policyId);
        prefix.Append(PurposeMark | ((ulong)(uint)callerKeys.Length << 32));
        for (var i = 0; i < callerKeys.Length; i++)
        {
            CallerKinds[i] = callerKeys[i].Kind;
            prefix.Append(NameMark | ((ulong)callerKeys[i].Kind << 32));
            KeyText.Append(ref prefix, callerKeys[i].Name);
        }

        Prefix = prefix;
        var owner = Math.Max(1, prefix.Finish().Low);
        Meta = CellMeta.PackExpiring(CellKind.Loop, table.Generations.IndexOf(owner, CellKind.Loop, default, holder));
    }

    /// <summary>How many <see cref="LoopPart"/>s a request is checked by: 1, or 3 with near detection.</summary>
    public int Parts { get; }

    public long WindowMilliseconds { get; }

    /// <summary>The n-th repeat is a loop.</summary>
    public ulong Threshold { get; }

    public LoopAction Action { get; }

    /// <summary>What repeats before a request may come to: below the threshold if loops are refused, anything otherwise.</summary>
    public ulong Capacity => Action == LoopAction.Reject ? Threshold - 1 : ulong.MaxValue;

    public int MaxCycleLength { get; }

    /// <summary>Most bits of two signatures that may differ for bodies to count as one.</summary>
    public int MaxDistance { get; }

    public int[] CallerSlots { get; }

    public DescriptorKind[] CallerKinds { get; }

    /// <summary>Kind and generation; the expiry is added by each cell.</summary>
    public ulong Meta { get; }

    /// <summary>Hash state after the policy and what its callers are told apart by.</summary>
    public SipHash Prefix { get; }

    // Random hyperplanes (Charikar, "Similarity estimation techniques from rounding algorithms", 2002): two signatures differ in a bit with
    // probability angle / pi, where the similarity is the cosine of the angle. 90 % are 7 of 48 bits, 50 % are 16.
    private static int DistanceOf(double percent) =>
        (int)Math.Round(SignatureBits * Math.Acos(Math.Clamp(percent / 100, 0, 1)) / Math.PI, MidpointRounding.AwayFromZero);
}
