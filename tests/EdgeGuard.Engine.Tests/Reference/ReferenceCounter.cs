namespace EdgeGuard.Engine.Tests.Reference;

/// <summary>One counter of the books, in decimal arithmetic and with nothing clever: what is used of a quota at a time.</summary>
internal abstract class ReferenceCounter
{
    /// <summary>Units in use.</summary>
    public abstract decimal Used(long nanoseconds);

    /// <summary>Takes units, also what is not there; tells what a later give-back is for.</summary>
    public abstract long Take(decimal units, long nanoseconds);

    /// <summary>Gives back units of an earlier take.</summary>
    public abstract void GiveBack(decimal units, long mark, long nanoseconds);

    /// <summary>Other numbers hold from now on.</summary>
    public virtual void Configure(ReferenceNumbers numbers, long nanoseconds)
    {
    }
}
