using System.Text;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Tests.Schema;

/// <summary>Tables of the reference page, made from the shapes.</summary>
internal static class ReferencePage
{
    public const string End = "<!-- end of fields -->";

    public static string Begin(ObjectShape shape) => $"<!-- fields of {shape.Name} -->";

    /// <summary>What must stand between the marks of a shape.</summary>
    public static string Fields(ObjectShape shape)
    {
        var text = new StringBuilder();
        text.Append(shape.Summary).Append("\n\n");
        text.Append("| field | type | range | default | meaning |\n|---|---|---|---|---|\n");
        foreach (var field in shape.Fields)
        {
            var name = $"`{field.Name}`" + string.Concat(field.Aliases.Select(a => $" or `{a}`"));
            var must = field.PeerIgnored ? "peer documents only, ignored"
                : field.NativeOnly ? "required in a native bundle"
                : field.IsRequired ? "**required**"
                : field.Default.Length > 0 ? field.Default
                : "none";
            if (field.RequiredInPeer)
            {
                must += "; required in a peer document";
            }

            text.Append($"| {name} | {field.Shape.TypeName} | {field.Shape.Range} | {must} | {field.Summary} |\n");
        }

        return text.ToString();
    }

    /// <summary>The table of descriptors.</summary>
    public static string Descriptors()
    {
        var text = new StringBuilder("| descriptor | value |\n|---|---|\n");
        foreach (var descriptor in DescriptorCatalog.All)
        {
            text.Append($"| `{descriptor.Text}` | {descriptor.Summary} |\n");
        }

        return text.ToString();
    }
}
