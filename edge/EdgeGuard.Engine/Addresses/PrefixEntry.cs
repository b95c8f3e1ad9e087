using System.Numerics;

namespace EdgeGuard.Engine.Addresses;

/// <summary>One network of a list.</summary>
/// <param name="Start">Its first address.</param>
/// <param name="End">Its last address.</param>
/// <param name="Value">What it says.</param>
/// <param name="Line">Where it was read.</param>
internal readonly record struct PrefixEntry<TAddress>(TAddress Start, TAddress End, uint Value, int Line)
    where TAddress : unmanaged, IBinaryInteger<TAddress>;
