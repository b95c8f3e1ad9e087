using System.Collections.Frozen;
using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Schema;

/// <summary>Every map shape that can be reached from a bundle, in the order in which a reader meets them.</summary>
internal static class ShapeIndex
{
    private static readonly Lazy<FrozenDictionary<string, string>> Owners = new(IndexOwners);

    /// <summary>The bundle first, then each shape where it first appears.</summary>
    public static ImmutableArray<ObjectShape> All { get; } = Collect();

    /// <summary>Names of the shapes that have a field of this name, for a field in the wrong place; empty when none has.</summary>
    public static string OwnersOf(string field) => Owners.Value.GetValueOrDefault(field, string.Empty);

    private static FrozenDictionary<string, string> IndexOwners() => All
        .SelectMany(shape => shape.Fields.Where(f => !f.PeerIgnored).Select(field => (field.Name, Owner: shape.Name)))
        .GroupBy(pair => pair.Name, pair => pair.Owner, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => string.Join(" or ", group.Take(3)), StringComparer.Ordinal);

    private static ImmutableArray<ObjectShape> Collect()
    {
        var found = ImmutableArray.CreateBuilder<ObjectShape>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Visit(BundleShapes.Bundle, found, seen);
        return found.ToImmutable();
    }

    private static void Visit(ValueShape shape, ImmutableArray<ObjectShape>.Builder found, HashSet<string> seen)
    {
        switch (shape)
        {
            case ObjectShape map when seen.Add(map.Name):
                found.Add(map);
                foreach (var field in map.Fields)
                {
                    Visit(field.Shape, found, seen);
                }

                break;
            case ListShape list:
                Visit(list.Item, found, seen);
                break;
            case MapShape map:
                Visit(map.Value, found, seen);
                break;
            case VariantShape variant:
                foreach (var (_, option) in variant.Variants)
                {
                    Visit(option, found, seen);
                }

                break;
            default:
                break;
        }
    }
}
