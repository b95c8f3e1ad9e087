namespace EdgeGuard.Identity.Tokens;

/// <summary>
/// Names seen in an object and in those around it, one behind the other. Objects of tokens have a dozen names: to compare them one by one takes a fifth of what
/// a set for each object takes. Larger objects get a set.
/// </summary>
internal sealed class MemberNames
{
    private const int Few = 16;

    private readonly List<string> _names = new(Few);

    /// <summary>Where the names of the next object begin.</summary>
    public int Begin() => _names.Count;

    /// <summary>Takes a name in; false when the object has it already.</summary>
    /// <param name="begin">Where the names of its object begin.</param>
    /// <param name="name">The name.</param>
    /// <param name="many">The object's set; null until it is large.</param>
    public bool Add(int begin, string name, ref HashSet<string>? many)
    {
        if (_names.Count - begin >= Few)
        {
            many ??= new HashSet<string>(_names.Skip(begin), StringComparer.Ordinal);
            return many.Add(name);
        }

        for (var i = begin; i < _names.Count; i++)
        {
            if (string.Equals(_names[i], name, StringComparison.Ordinal))
            {
                return false;
            }
        }

        _names.Add(name);
        return true;
    }

    /// <summary>Forgets the names of an object that has ended.</summary>
    public void End(int begin) => _names.RemoveRange(begin, _names.Count - begin);
}
