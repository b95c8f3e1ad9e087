using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Addresses;

namespace EdgeGuard.Engine.Facts;

/// <summary>Fact <c>ip:address</c>: the client's address as text, IPv6 grouped by the prefix that a rule asks for; shared by all doors.</summary>
public static class AddressFacts
{
    /// <summary>Fills it.</summary>
    public static void Fill(FactPlan plan, IpValue address, FactSet facts)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(facts);
        Span<byte> text = stackalloc byte[IpValue.MaxTextBytes];
        foreach (var slot in plan.SlotsOf(DescriptorKind.IpAddress))
        {
            var length = address.Write(slot.Number, text);
            facts.Set(slot.Slot, text[..length]);
        }
    }
}
