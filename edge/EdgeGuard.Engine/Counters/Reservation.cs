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

    /// <summary>The bucket's clock at this request's time, or the index of the window or part of one.</summary>
    public ulong Clock;

    /// <summary>What the request costs, in units.</summary>
    public ulong Cost;

    /// <summary>Units that were missing from the bucket, used of the window or in flight before the request.</summary>
    public ulong Deficit;

    /// <summary>What deficit and cost together may reach: the quota, and what of it this request may borrow or must leave.</summary>
    public ulong Capacity;

    /// <summary>
    /// What a loop detector or circuit breaker has to know of its check when it takes or gives back; of tokens how many of them are the prompt's; other
    /// limits do not use it.
    /// </summary>
    public long Since;

    /// <summary>Of a bucket with numbered beginnings: the last number at its take.</summary>
    public long Beginning;

    /// <summary>Index of the compiled limit.</summary>
    public int Limit;

    /// <summary>What it is taken together with or not at all; below zero for what is enforced.</summary>
    public int Group;

    /// <summary>Whether the limit counts in the shadow name space.</summary>
    public bool Shadow;

    /// <summary>Whether the request opens its circuit breaker, if nothing else refuses it.</summary>
    public bool Trips;

    /// <summary>Whether something was taken that has to be released, settled or given back.</summary>
    public bool Taken;

    /// <summary>Whether the charge is in the overflow region.</summary>
    public bool InOverflow;
}
