namespace EdgeGuard.Engine.Facts;

/// <summary>One fact of a plan, prepared for filling.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Name">Name of the descriptor: header, parameter, claim or cookie.</param>
/// <param name="Number">Of a path segment its number, from 1; of an address the length of the prefix that IPv6 is grouped by; otherwise 0.</param>
public readonly record struct FactSlot(int Slot, string Name, int Number)
{
    /// <summary>Of a <see cref="Bundles.Model.DescriptorKind.ClaimMember"/> what the list has to hold; otherwise empty.</summary>
    public string Member { get; init; } = string.Empty;
}
