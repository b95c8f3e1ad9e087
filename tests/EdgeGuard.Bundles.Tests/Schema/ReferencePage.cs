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
        text.Append("| field | type | range | default | capability | meaning |\n|---|---|---|---|---|---|\n");
        foreach (var field in shape.Fields)
        {
            var name = $"`{field.Name}`" + string.Concat(field.Aliases.Select(a => $" or `{a}`"));
            var must = field.NativeOnly ? "required in a native bundle" : field.IsRequired ? "**required**" : field.Default.Length > 0 ? field.Default : "none";
            if (field.RequiredInPeer)
            {
                must += "; required in a peer document";
            }

            var capability = field.PeerIgnored ? "peer documents only, ignored" : field.Capability.Word() + (field.Supported ? string.Empty : ", not yet");
            text.Append($"| {name} | {field.Shape.TypeName} | {field.Shape.Range} | {must} | {capability} | {field.Summary} |\n");
        }

        return text.ToString();
    }

    /// <summary>The table of descriptors.</summary>
    public static string Descriptors()
    {
        var text = new StringBuilder("| descriptor | capability | value |\n|---|---|---|\n");
        foreach (var descriptor in DescriptorCatalog.All)
        {
            text.Append($"| `{descriptor.Text}` | {descriptor.Capability.Word()}{(descriptor.Supported ? string.Empty : ", not yet")} | {descriptor.Summary} |\n");
        }

        return text.ToString();
    }
}
