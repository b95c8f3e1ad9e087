using System.Text;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Tests.Reading;

internal static class ReadingTestExtensions
{
    /// <summary>Reads a text with the limits of a bundle.</summary>
    public static NodeReadResult Read(this string text, ReadLimits? limits = null) =>
        NodeReader.Read(Encoding.UTF8.GetBytes(text), "test", limits ?? ReadLimits.Bundle);

    /// <summary>Reads a text that must have no finding.</summary>
    public static Node ReadClean(this string text)
    {
        var result = text.Read();
        Assert.Empty(result.Diagnostics);
        return result.Root!;
    }

    /// <summary>The codes of the findings, in order.</summary>
    public static string[] Codes(this NodeReadResult result) => [.. result.Diagnostics.Select(d => d.Code)];

    /// <summary>The canonical JSON of a node as text.</summary>
    public static string ToCanonical(this Node node) => Encoding.UTF8.GetString(CanonicalJson.Write(node));
}
