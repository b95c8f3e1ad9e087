namespace EdgeGuard.Identity.Structured;

/// <summary>Parameters of an item or inner list, in their order. Names are unique: a repeated one is refused when the field is read.</summary>
internal sealed class FieldParameters
{
    private readonly List<KeyValuePair<string, BareItem>> _entries = [];

    /// <summary>No parameters.</summary>
    public static FieldParameters None { get; } = new();

    public int Count => _entries.Count;

    public IReadOnlyList<KeyValuePair<string, BareItem>> Entries => _entries;

    /// <summary>Adds one; false when its name is there already.</summary>
    public bool TryAdd(string name, BareItem value)
    {
        if (Find(name) is not null)
        {
            return false;
        }

        _entries.Add(KeyValuePair.Create(name, value));
        return true;
    }

    /// <summary>The parameter of a name, or null.</summary>
    public BareItem? Find(string name)
    {
        foreach (var (known, value) in _entries)
        {
            if (string.Equals(known, name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }
}
