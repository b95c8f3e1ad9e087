namespace EdgeGuard.Engine.Tests.Reference;

/// <summary>Requests in flight.</summary>
internal sealed class ReferenceSlots : ReferenceCounter
{
    private decimal _used;

    public override decimal Used(long nanoseconds) => _used;

    public override long Take(decimal units, long nanoseconds)
    {
        _used += units;
        return 0;
    }

    public override void GiveBack(decimal units, long mark, long nanoseconds) => _used -= units;
}
