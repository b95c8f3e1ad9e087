using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Leases;

/// <summary>A fleet-wide limit in one table.</summary>
internal sealed class LeaseLimit
{
    public LeaseLimit(LeaseSlot slot, CompiledLimit limit, WindowLimit window)
    {
        Slot = slot;
        Window = window;
        Slots = limit.Slots;
        Own = limit.Own;
        Tier = FleetBudgets.TierOf(limit);
        var lease = limit.Lease!;
        DenyWhenUnreachable = lease.DenyWhenUnreachable;
        var slice = (decimal)limit.Own * (decimal)lease.SlicePercent / 100;
        LowWater = (ulong)decimal.Ceiling(slice * (decimal)lease.LowWaterPercent / 100);
        Identity = IdentityOf(slot.Name, limit);
    }

    public LeaseSlot Slot { get; }

    public WindowLimit Window { get; }

    /// <summary>Slots of the limit keys.</summary>
    public int[] Slots { get; }

    /// <summary>The whole budget of a key, in units.</summary>
    public ulong Own { get; }

    /// <summary>Plan whose numbers these are; null for the rule's own.</summary>
    public string? Tier { get; }

    public bool DenyWhenUnreachable { get; }

    /// <summary>More is asked for when less than this is left.</summary>
    public ulong LowWater { get; }

    /// <summary>Digest of what is counted: with another one every key is another key.</summary>
    public byte[] Identity { get; }

    /// <summary>The standing share of a window, in units.</summary>
    public ulong Standing(long window) => LeaseSlot.Worth(Own, Slot.ShareAt(window));

    /// <summary>The window that begins at a second, or null when none does.</summary>
    public WindowSpan? SpanOf(long window)
    {
        var span = Window.Calendar.SpanAt(window * LeaseCells.NanosecondsPerSecond);
        return span.StartNanoseconds == window * LeaseCells.NanosecondsPerSecond ? span : null;
    }

    // One field a line, its length first, so that no two lists of fields read alike.
    private static byte[] IdentityOf(string name, CompiledLimit limit)
    {
        var text = new StringBuilder("edgeguard lease key 1\n");
        Append(text, name);
        foreach (var key in limit.Keys)
        {
            Append(text, key.Kind.ToString());
            Append(text, key.Name);
        }

        var window = limit.Window!;
        Append(text, string.Create(CultureInfo.InvariantCulture, $"{window.Period} {window.WeekStart} {window.Length.Ticks} {window.TimeZone}"));
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Append(StringBuilder text, string field) => text.Append(CultureInfo.InvariantCulture, $"{field.Length}:{field}\n");
}
