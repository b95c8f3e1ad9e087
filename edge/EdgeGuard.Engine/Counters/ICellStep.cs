namespace EdgeGuard.Engine.Counters;

/// <summary>One change of a cell that expires, as a function of its state; run again when another request was quicker.</summary>
internal interface ICellStep
{
    /// <summary>Tells what the state becomes.</summary>
    /// <param name="word">The state, or 0 when there is none or it has expired.</param>
    /// <param name="expiry">Unix second at which it expires, or 0 when there is none.</param>
    /// <param name="next">What it becomes; never <see cref="Cell.Busy"/>.</param>
    /// <param name="nextExpiry">When that expires.</param>
    /// <returns>False when nothing is to change.</returns>
    bool TryNext(ulong word, long expiry, out ulong next, out long nextExpiry);
}
