using System.Collections.Immutable;
using System.Globalization;

namespace EdgeGuard.Bundles.Schema;

/// <summary>A number.</summary>
internal sealed class NumberShape : ValueShape
{
    public bool Whole { get; init; }

    public double Min { get; init; }

    /// <summary>Whether <see cref="Min"/> itself is too little.</summary>
    public bool AboveMin { get; init; }

    public required double Max { get; init; }

    /// <summary>The closed list, or empty.</summary>
    public ImmutableArray<long> Allowed { get; init; } = [];

    /// <summary>The peer takes any larger number and cuts it, or has no bound: in its dialect <see cref="Max"/> holds instead, with a warning.</summary>
    public bool CappedInPeer { get; init; }

    /// <inheritdoc />
    public override string TypeName => Whole ? "whole number" : "number";

    /// <inheritdoc />
    public override string Range => Allowed.IsEmpty
        ? $"{(AboveMin ? "above " : string.Empty)}{Format(Min)} to {Format(Max)}"
        : string.Join(" ", Allowed);

    /// <summary>A number as people write it.</summary>
    public static string Format(double value) =>
        Math.Abs(value) < 1e15 && Math.Floor(value) == value
            ? ((long)value).ToString("# ### ### ### ### ##0", CultureInfo.InvariantCulture).TrimStart()
            : value.ToString("R", CultureInfo.InvariantCulture);
}
