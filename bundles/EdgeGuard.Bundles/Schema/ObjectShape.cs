using System.Collections.Frozen;
using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Schema;

/// <summary>A map with known fields.</summary>
internal sealed class ObjectShape : ValueShape
{
    private readonly FrozenDictionary<string, FieldShape> _byName;

    /// <param name="name">Unique name: section of the reference page and definition of the JSON Schema.</param>
    /// <param name="summary">What it is, one sentence.</param>
    /// <param name="fields">The fields in the order in which they are documented.</param>
    public ObjectShape(string name, string summary, params ReadOnlySpan<FieldShape> fields)
    {
        Name = name;
        Summary = summary;
        Fields = [.. fields];
        var byName = new Dictionary<string, FieldShape>(StringComparer.Ordinal);
        foreach (var field in Fields)
        {
            byName.Add(field.Name, field);
            foreach (var alias in field.Aliases)
            {
                byName.Add(alias, field);
            }
        }

        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public string Name { get; }

    public string Summary { get; }

    public ImmutableArray<FieldShape> Fields { get; }

    /// <summary>All names and aliases, for suggestions.</summary>
    public ImmutableArray<string> KnownNames => _byName.Keys;

    /// <summary>A map that uses nothing unless it says <c>enabled: true</c>; a peer document may then have anything in it.</summary>
    public bool InertWhenDisabled { get; init; }

    /// <inheritdoc />
    public override string TypeName => $"[{Name}](#{Name.Replace(' ', '-')})";

    /// <summary>The field of a name or an alias, or null.</summary>
    public FieldShape? Find(string name) => _byName.GetValueOrDefault(name);
}
