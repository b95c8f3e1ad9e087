using System.Collections.Immutable;

namespace EdgeGuard.Engine.Leases;

/// <summary>What an edge may spend of one budget without asking, as decisions read it. Lives as long as its table, across bundles.</summary>
internal sealed class LeaseSlot(string name)
{
    private LeaseSpan[] _shares = [];
    private volatile bool _suspended;

    /// <summary>Policy id, a slash, rule name.</summary>
    public string Name { get; } = name;

    /// <summary>Whether nothing may be spent for now, because the control plane has been silent too long.</summary>
    public bool IsSuspended
    {
        get => _suspended;
        set => _suspended = value;
    }

    /// <summary>Replaces the shares.</summary>
    public void Set(ImmutableArray<LeaseSpan> shares) => Volatile.Write(ref _shares, [.. shares]);

    /// <summary>The largest share that covers a window, in millionths.</summary>
    /// <param name="window">Its start, Unix seconds.</param>
    public int ShareAt(long window)
    {
        var share = 0;
        foreach (ref readonly var span in Volatile.Read(ref _shares).AsSpan())
        {
            if (span.FirstWindow <= window && window <= span.LastWindow)
            {
                share = Math.Max(share, span.SharePpm);
            }
        }

        return share;
    }

    /// <summary>What a share of a budget is worth, rounded down.</summary>
    /// <param name="units">The budget.</param>
    /// <param name="sharePpm">Millionths.</param>
    public static ulong Worth(ulong units, int sharePpm)
    {
        // In two parts, because the product may need more than 64 bits: exactly floor(units * ppm / 10^6).
        const ulong Whole = 1_000_000;
        var ppm = (ulong)Math.Clamp(sharePpm, 0, (int)Whole);
        return (units / Whole * ppm) + (units % Whole * ppm / Whole);
    }
}
