using System.Xml.Linq;

namespace EdgeGuard.Testing;

/// <summary>Finds what a project of this solution builds.</summary>
public static class SolutionExecutable
{
    private static readonly string[] Folders = ["edge", "control-plane", "cli", "bundles", "deploy", "bench", "tests"];

    /// <summary>Path of the project file.</summary>
    public static string ProjectFile(string project)
        => Folders
            .Select(folder => RepositoryRoot.Combine(folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, project + ".csproj", SearchOption.AllDirectories))
            .FirstOrDefault()
            ?? throw new ArgumentException($"no project {project} in {string.Join(", ", Folders)}", nameof(project));

    /// <summary>Path of the built assembly, in the configuration of the running tests.</summary>
    public static string AssemblyFile(string project)
    {
        string file = ProjectFile(project);
        string name = XDocument.Load(file).Descendants("AssemblyName").FirstOrDefault()?.Value ?? project;
        string path = Path.Combine(Path.GetDirectoryName(file)!, "bin", RepositoryRoot.Configuration, "net10.0", name + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not built");
    }
}
