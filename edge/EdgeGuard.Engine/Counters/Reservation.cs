using System.Runtime.InteropServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>One limit of one request between the read-only check and the take, and then until it is given back or kept.</summary>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct Reservation
{
    /// <summary>The counter that is charged: the rule's overflow counter once that was used.</summary>
    public CounterKey Key;

    /// <summary>Its cell, or null when it has to be looked for under the set's lock.</summary>
    public Cell* Cell;

    /// <summary>The cell's word as read by the check, then as written by the take.</summary>
    public ulong Word;

    /// <summary>The rule's metadata at this request's time.</summary>
    public ulong Meta;

    /// <summary>The bucket's clock at this request's time.</summary>
    public ulong Clock;

    /// <summary>What the request costs, in units.</summary>
    public ulong Cost;

    /// <summary>Units that were missing before the request.</summary>
    public ulong Deficit;

    /// <summary>When the rule's present numbers came into force, in nanoseconds.</summary>
    public long Since;

    /// <summary>Index of the rule.</summary>
    public int Rule;

    /// <summary>Whether the rule counts in the shadow name space.</summary>
    public bool Shadow;

    /// <summary>Whether the charge is in the overflow region.</summary>
    public bool InOverflow;
}
