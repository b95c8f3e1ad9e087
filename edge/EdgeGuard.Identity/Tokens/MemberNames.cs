namespace EdgeGuard.Identity.Tokens;

/// <summary>
/// Names seen in an object and in those around it, one behind the other. Objects of tokens have a dozen names: to compare them one by one takes a fifth of what
/// a set for each object takes. Larger objects get a set.
/// </summary>
internal sealed class MemberNames
{
    /// <summary>
    /// Most members and list items of one text, what costs more counted as several of them. Tokens of common providers have under 100, and with the 200 groups that
    /// the largest of them puts into one some 230.
    /// </summary>
    public const int MaxMembers = 400;

    /// <summary>A list takes some 800 bytes beside its items, as much as three members more.</summary>
    public const int CostOfList = 3;

    /// <summary>So many characters of a path cost as much as a member.</summary>
    public const int PathOfMember = 64;

    private const int Few = 16;

    private readonly List<string> _names = new(Few);
    private int _members;

    /// <summary>Whether there are more than <see cref="MaxMembers"/>.</summary>
    public bool IsOverfull => _members > MaxMembers;

    /// <summary>Counts one more member or item, or what costs as much; false when it is one too many.</summary>
    public bool Count(int cost = 1) => (_members += cost) <= MaxMembers;

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
