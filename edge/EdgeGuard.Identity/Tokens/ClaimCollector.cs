using System.Collections.Frozen;

namespace EdgeGuard.Identity.Tokens;

/// <summary>
/// Gathers claims by path. Names may hold dots, so two claims can have one path: the one with fewer steps counts (an exact name before a path), and of two
/// with equally many neither does.
/// </summary>
internal sealed class ClaimCollector
{
    /// <summary>Most members and list items of one token; those of common providers have under 100.</summary>
    public const int MaxClaims = 1024;

    /// <summary>Longest path kept, in characters. Without it a long name with many members would take the product of both.</summary>
    public const int MaxPath = 256;

    // An entry of a frozen dictionary with its two strings, beside their characters.
    private const int EntryBytes = 100;

    private readonly Dictionary<string, Found> _found = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Whether there were more than <see cref="MaxClaims"/>.</summary>
    public bool IsOverfull => _count > MaxClaims;

    /// <summary>The path of a member, or null when it is not kept.</summary>
    public static string? PathOf(string? parent, string name, int step) =>
        step == 1 ? Bounded(name) : parent is null || parent.Length + name.Length + 1 > MaxPath ? null : $"{parent}.{name}";

    /// <summary>Counts one more member or item.</summary>
    public void Count() => _count++;

    /// <summary>Takes one member in.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="steps">Names in the path.</param>
    /// <param name="value">Its text, or null when it is no scalar.</param>
    /// <param name="list">Its items, or null when it is no list of scalars.</param>
    public void Add(string path, int steps, string? value, HashSet<string>? list)
    {
        if (IsOverfull)
        {
            return;
        }

        if (!_found.TryGetValue(path, out var other) || steps < other.Steps)
        {
            _found[path] = new Found(steps, value, list);
        }
        else if (steps == other.Steps)
        {
            _found[path] = new Found(steps, null, null);
        }
    }

    /// <summary>What was gathered.</summary>
    public TokenClaims Finish()
    {
        var values = _found.Where(claim => claim.Value.Value is not null).ToFrozenDictionary(claim => claim.Key, claim => claim.Value.Value!, StringComparer.Ordinal);
        var lists = _found.Where(claim => claim.Value.List is not null)
            .ToFrozenDictionary(claim => claim.Key, claim => claim.Value.List!.ToFrozenSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var weight = 0;
        foreach (var (path, value) in values)
        {
            weight += EntryBytes + (2 * (path.Length + value.Length));
        }

        foreach (var (path, items) in lists)
        {
            weight += EntryBytes + (2 * path.Length) + items.Sum(item => EntryBytes + (2 * item.Length));
        }

        return new TokenClaims(values, lists, weight);
    }

    private static string? Bounded(string name) => name.Length > MaxPath ? null : name;

    private readonly record struct Found(int Steps, string? Value, HashSet<string>? List);
}
