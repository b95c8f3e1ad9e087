using System.Collections.Frozen;

namespace EdgeGuard.Identity.Tokens;

/// <summary>
/// Gathers claims by path. Names may hold dots, so two claims can have one path: the one with fewer steps counts (an exact name before a path), and of two
/// with equally many neither does.
/// </summary>
internal sealed class ClaimCollector
{
    /// <summary>Longest path kept, in characters. Without it a long name with many members would take the product of both.</summary>
    public const int MaxPath = 256;

    // An entry of a frozen dictionary with its two strings, beside their characters.
    private const int EntryBytes = 100;

    // Up to so many are compared one by one, which takes less than a dictionary.
    private const int Few = 16;

    private readonly List<Found> _found = new(Few);
    private Dictionary<string, int>? _places;

    /// <summary>The path of a member, or null when it is not kept.</summary>
    public static string? PathOf(string? parent, string name, int step) =>
        step == 1 ? Bounded(name) : parent is null || parent.Length + name.Length + 1 > MaxPath ? null : $"{parent}.{name}";

    /// <summary>Takes one member in.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="steps">Names in the path.</param>
    /// <param name="value">Its text, or null when it is no scalar.</param>
    /// <param name="list">Its items, or null when it is no list of scalars.</param>
    public void Add(string path, int steps, string? value, HashSet<string>? list)
    {
        var place = Find(path);
        if (place < 0)
        {
            _found.Add(new Found(path, steps, value, list));
            _places?.Add(path, _found.Count - 1);
        }
        else if (steps < _found[place].Steps)
        {
            _found[place] = new Found(path, steps, value, list);
        }
        else if (steps == _found[place].Steps)
        {
            _found[place] = new Found(path, steps, null, null);
        }
    }

    /// <summary>What was gathered.</summary>
    public TokenClaims Finish()
    {
        var values = new Dictionary<string, string>(_found.Count, StringComparer.Ordinal);
        Dictionary<string, FrozenSet<string>>? lists = null;
        var weight = 0;
        foreach (var (path, _, value, list) in _found)
        {
            if (value is not null)
            {
                values.Add(path, value);
                weight += EntryBytes + (2 * (path.Length + value.Length));
            }
            else if (list is not null)
            {
                (lists ??= new(StringComparer.Ordinal)).Add(path, list.ToFrozenSet(StringComparer.Ordinal));
                weight += EntryBytes + (2 * path.Length) + list.Sum(item => EntryBytes + (2 * item.Length));
            }
        }

        return new TokenClaims(
            values.ToFrozenDictionary(StringComparer.Ordinal), lists?.ToFrozenDictionary(StringComparer.Ordinal) ?? TokenClaims.None.Lists, weight);
    }

    private int Find(string path)
    {
        if (_found.Count < Few)
        {
            for (var i = 0; i < _found.Count; i++)
            {
                if (string.Equals(_found[i].Path, path, StringComparison.Ordinal))
                {
                    return i;
                }
            }

            return -1;
        }

        _places ??= _found.Select((claim, place) => (claim.Path, place)).ToDictionary(entry => entry.Path, entry => entry.place, StringComparer.Ordinal);
        return _places.GetValueOrDefault(path, -1);
    }

    private static string? Bounded(string name) => name.Length > MaxPath ? null : name;

    private readonly record struct Found(string Path, int Steps, string? Value, HashSet<string>? List);
}
