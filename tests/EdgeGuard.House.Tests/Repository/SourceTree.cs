using EdgeGuard.Testing;

namespace EdgeGuard.House.Tests.Repository;

/// <summary>The files that make up the repository: everything but what a build, a run or git leaves behind.</summary>
internal static class SourceTree
{
    private static readonly HashSet<string> NotOurs =
        ["bin", "obj", ".git", ".dotnet", ".edgeguard", "artifacts", "TestResults", "node_modules", "BenchmarkDotNet.Artifacts", ".vs", ".idea"];

    private static readonly HashSet<string> TextExtensions =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".json", ".md", ".yaml", ".yml", ".sh", ".txt", ".sql", ".globalconfig", ".editorconfig",
            ".gitignore", ".gitattributes", ".dockerignore", ".edge", ".control-plane", ".conf", ".py", ".js", ".razor", ".css", ".html"];

    private static readonly Lazy<IReadOnlyList<SourceFile>> Everything = new(() => [.. Walk(new DirectoryInfo(RepositoryRoot.Path))]);

    public static IReadOnlyList<SourceFile> Files => Everything.Value;

    public static IEnumerable<SourceFile> CSharp => Files.Where(file => file.Extension == ".cs");

    public static IEnumerable<SourceFile> Markdown => Files.Where(file => file.Extension == ".md");

    public static IEnumerable<SourceFile> Projects => Files.Where(file => file.Extension == ".csproj");

    public static IEnumerable<SourceFile> Scripts
        => Files.Where(file => file.Extension == ".sh" || file.Text.StartsWith("#!", StringComparison.Ordinal));

    private static IEnumerable<SourceFile> Walk(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles().Where(file => file.LinkTarget is null))
        {
            bool isText = file.Extension.Length == 0 || TextExtensions.Contains(file.Extension);
            // Lock files (packages.lock.json, of a runtime packages.linux-x64.lock.json) are written by the tool; nothing in them is a convention of ours.
            bool isLock = file.Name.StartsWith("packages.", StringComparison.Ordinal) && file.Name.EndsWith(".lock.json", StringComparison.Ordinal);
            if (isText && !isLock && file.Name != "LICENSE")
            {
                yield return new SourceFile(Path.GetRelativePath(RepositoryRoot.Path, file.FullName), File.ReadAllText(file.FullName));
            }
        }

        foreach (DirectoryInfo child in folder.EnumerateDirectories().Where(child => !NotOurs.Contains(child.Name) && child.LinkTarget is null))
        {
            foreach (SourceFile file in Walk(child))
            {
                yield return file;
            }
        }
    }
}
