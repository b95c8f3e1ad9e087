using System.Reflection;

namespace EdgeGuard.Cli;

/// <summary>Files that ship inside the executable.</summary>
internal static class EmbeddedText
{
    public static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly");
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }
}
