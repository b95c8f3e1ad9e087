using System.Buffers.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Compile;

/// <summary>What a request costs, in units of its limit.</summary>
internal readonly struct CompiledCost
{
    /// <summary>Most tokens that a client may name for one request; more is taken for nonsense.</summary>
    public const decimal MaxTokens = 1_000_000_000_000;

    /// <summary>Longest number that is read.</summary>
    private const int MaxDigits = 32;

    private readonly int _slot;
    private readonly bool _coarse;
    private readonly ulong _unitsPerToken;
    private readonly ulong _fixed;
    private readonly ulong _default;
    private readonly ulong _min;

    /// <summary>A cost.</summary>
    /// <param name="source">Where it is read and its numbers, in tokens.</param>
    /// <param name="slot">Slot of the fact that holds it, or -1 for a fixed one.</param>
    /// <param name="unitsPerToken">Units in a token.</param>
    /// <param name="coarse">Whether a unit is several nanoseconds, so that one more is charged for rounding.</param>
    public CompiledCost(CostSource source, int slot, ulong unitsPerToken, bool coarse = false)
    {
        _slot = slot;
        _coarse = coarse;
        _unitsPerToken = unitsPerToken;
        _fixed = Units(ToDecimal(source.Fixed));
        _default = Units(ToDecimal(source.Default));
        _min = Units(ToDecimal(source.Min));
    }

    /// <summary>The cost of one request.</summary>
    /// <param name="facts">Its facts.</param>
    /// <param name="invalid">Set when the client named something that is no sane number.</param>
    public ulong Of(FactSet facts, ref bool invalid) => _slot < 0 ? _fixed : FromRequest(facts, ref invalid);

    /// <summary>Units of a number of tokens.</summary>
    public ulong Units(decimal tokens) => CostUnits.Of(tokens, _unitsPerToken, _coarse);

    private static decimal ToDecimal(double tokens) => (decimal)Math.Min(tokens, (double)MaxTokens);

    private ulong FromRequest(FactSet facts, ref bool invalid)
    {
        switch (facts.StateOf(_slot))
        {
            case FactState.Missing:
                return _default;
            case FactState.Unverifiable:
                invalid = true;
                return _default;
            default:
                break;
        }

        var text = facts.ValueOf(_slot);

        // A decimal, not a double: ten times 0.1 is 1. NaN, infinities and hexadecimal do not parse.
        if (text.Length > MaxDigits || !Utf8Parser.TryParse(text, out decimal tokens, out var read) || read != text.Length
            || tokens <= 0 || tokens > MaxTokens)
        {
            invalid = true;
            return _default;
        }

        return Math.Max(Units(tokens), _min);
    }
}
