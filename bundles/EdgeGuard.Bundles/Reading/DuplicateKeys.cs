using System.Runtime.InteropServices;

namespace EdgeGuard.Bundles.Reading;

/// <summary>Finds keys of one map that were there before: by looking for few, by a set for many, so that a hostile map costs no more than its size.</summary>
internal struct DuplicateKeys
{
    private const int FewKeys = 12;
    private Dictionary<string, int>? _positions;

    /// <summary>Position in <paramref name="entries"/> (counted from <paramref name="start"/>) of an entry with this key, or -1.</summary>
    public int Find(List<NodeEntry> entries, int start, string key)
    {
        var present = CollectionsMarshal.AsSpan(entries)[start..];
        if (present.Length <= FewKeys)
        {
            for (var i = 0; i < present.Length; i++)
            {
                if (string.Equals(present[i].Key, key, StringComparison.Ordinal))
                {
                    return i;
                }
            }

            return -1;
        }

        _positions ??= new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = _positions.Count; i < present.Length; i++)
        {
            _positions.Add(present[i].Key, i);
        }

        return _positions.GetValueOrDefault(key, -1);
    }
}
