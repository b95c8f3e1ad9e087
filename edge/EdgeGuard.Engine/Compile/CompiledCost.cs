using System.Buffers.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Compile;

/// <summary>What a request costs, in units of its rule's bucket.</summary>
internal readonly struct CompiledCost
{
    /// <summary>Most tokens that a client may name for one request; more is taken for nonsense.</summary>
    public const decimal MaxTokens = 1_000_000_000_000;

    /// <summary>Longest number that is read.</summary>
    private const int MaxDigits = 32;

    private readonly int _slot;
    private readonly ulong _fixed;
    private readonly ulong _default;
    private readonly ulong _min;

    public CompiledCost(CostSource source, int slot, in BucketScale scale)
    {
        _slot = slot;
        _fixed = scale.CostUnits(ToDecimal(source.Fixed));
        _default = scale.CostUnits(ToDecimal(source.Default));
        _min = scale.CostUnits(ToDecimal(source.Min));
    }

    /// <summary>The cost of one request.</summary>
    /// <param name="facts">Its facts.</param>
    /// <param name="scale">The rule's units.</param>
    /// <param name="invalid">Set when the client named something that is no sane number.</param>
    public ulong Of(FactSet facts, in BucketScale scale, ref bool invalid) =>
        _slot < 0 ? _fixed : FromRequest(facts, in scale, ref invalid);

    private static decimal ToDecimal(double tokens) => (decimal)Math.Min(tokens, (double)MaxTokens);

    private ulong FromRequest(FactSet facts, in BucketScale scale, ref bool invalid)
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

        return Math.Max(scale.CostUnits(tokens), _min);
    }
}
