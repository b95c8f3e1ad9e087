namespace EdgeGuard.Identity.Webhooks;

/// <summary>
/// A verified delivery that is remembered from now on, so that it passes once. Let go of when it did not get through after all: its provider will
/// send it again.
/// </summary>
public sealed class Delivery
{
    private readonly DeliveryMemory _memory;
    private readonly Delivery? _other;
    private readonly UInt128 _key;
    private readonly long _number;

    internal Delivery(DeliveryMemory memory, UInt128 key, long number, Delivery? other)
    {
        _memory = memory;
        _key = key;
        _number = number;
        _other = other;
    }

    /// <summary>Forgets it, and those that it was joined to.</summary>
    public void Release()
    {
        for (var delivery = this; delivery is not null; delivery = delivery._other)
        {
            delivery._memory.Remove(delivery._key, delivery._number);
        }
    }

    /// <summary>Both, so that they are let go of together.</summary>
    public static Delivery? Join(Delivery? one, Delivery? other) =>
        one is null ? other : other is null ? one : new Delivery(one._memory, one._key, one._number, Join(one._other, other));
}
