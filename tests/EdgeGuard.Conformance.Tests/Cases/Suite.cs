using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Cases;

/// <summary>The suite as it lies in the repository.</summary>
internal static class Suite
{
    public static string Folder { get; } = RepositoryRoot.Combine("bundles", "conformance");

    /// <summary>Bundles whose own tests are the cases, by their paths below the suite.</summary>
    public static IReadOnlyList<string> BundleFiles { get; } = FilesIn("cases");

    /// <summary>Files of scenarios, by their paths below the suite.</summary>
    public static IReadOnlyList<string> ScenarioFiles { get; } = FilesIn("scenarios");

    public static byte[] Read(string file) => File.ReadAllBytes(PathOf(file));

    public static string PathOf(string file) => Path.Combine(Folder, file);

    private static string[] FilesIn(string folder)
    {
        var root = Path.Combine(Folder, folder);
        return [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetExtension(path) is ".yaml" or ".json")
            .Select(path => Path.GetRelativePath(Folder, path))
            .Order(StringComparer.Ordinal)];
    }
}
