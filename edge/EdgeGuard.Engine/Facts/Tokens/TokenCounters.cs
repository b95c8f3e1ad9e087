using System.Collections.Immutable;
using EdgeGuard.Engine.Compile;

namespace EdgeGuard.Engine.Facts.Tokens;

/// <summary>Exact counters by the names of the models that they are for.</summary>
public sealed class TokenCounters
{
    private readonly ImmutableArray<ITokenCounter> _counters;
    private readonly NamePatterns _patterns;

    /// <summary>Makes a list.</summary>
    /// <param name="counters">Names, each exact or with a closing <c>*</c>, and who counts for them.</param>
    public TokenCounters(IReadOnlyList<(string Models, ITokenCounter Counter)> counters)
    {
        ArgumentNullException.ThrowIfNull(counters);
        var patterns = ImmutableArray.CreateBuilder<string>(counters.Count);
        var all = ImmutableArray.CreateBuilder<ITokenCounter>(counters.Count);
        foreach (var (models, counter) in counters)
        {
            patterns.Add(models);
            all.Add(counter);
        }

        _patterns = new NamePatterns(patterns.MoveToImmutable());
        _counters = all.MoveToImmutable();
    }

    /// <summary>Nobody counts.</summary>
    public static TokenCounters None { get; } = new([]);

    /// <summary>Who counts for a model: that of its exact name, or else of the longest beginning; null for nobody.</summary>
    public ITokenCounter? Find(ReadOnlySpan<byte> model)
    {
        var found = _patterns.IsEmpty ? -1 : _patterns.Find(model);
        return found < 0 ? null : _counters[found];
    }
}
