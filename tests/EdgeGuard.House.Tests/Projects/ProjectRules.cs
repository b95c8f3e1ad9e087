using System.Xml.Linq;
using EdgeGuard.House.Tests.Repository;

namespace EdgeGuard.House.Tests.Projects;

/// <summary>Who may reference whom (docs/architecture.md).</summary>
internal static class ProjectRules
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["EdgeGuard.Bundles"] = [],
        ["EdgeGuard.Options"] = ["EdgeGuard.Bundles"],
        ["EdgeGuard.Contracts"] = [],
        ["EdgeGuard.Engine"] = ["EdgeGuard.Bundles"],
        ["EdgeGuard.Identity"] = ["EdgeGuard.Bundles"],
        ["EdgeGuard.Edge"] = ["EdgeGuard.Engine", "EdgeGuard.Identity", "EdgeGuard.Bundles", "EdgeGuard.Contracts", "EdgeGuard.Options"],
        ["EdgeGuard.ControlPlane"] = ["EdgeGuard.Engine", "EdgeGuard.Bundles", "EdgeGuard.Contracts", "EdgeGuard.Options"],
        ["EdgeGuard.Cli"] = ["EdgeGuard.Engine", "EdgeGuard.Identity", "EdgeGuard.Bundles", "EdgeGuard.Contracts", "EdgeGuard.Options"],
        ["EdgeGuard.Demo.Upstream"] = [],
        ["EdgeGuard.Demo.Launcher"] = ["EdgeGuard.Testing"],
        ["EdgeGuard.Bench.Micro"] = ["EdgeGuard.Engine", "EdgeGuard.Identity", "EdgeGuard.Bundles", "EdgeGuard.Contracts", "EdgeGuard.Testing"],
        ["EdgeGuard.Bench.Load"] = [],
        ["EdgeGuard.Bench.Yarp"] = [],
        ["EdgeGuard.Testing"] = [],
        ["EdgeGuard.Fuzz"] = ["EdgeGuard.Edge", "EdgeGuard.Engine", "EdgeGuard.Identity", "EdgeGuard.Bundles", "EdgeGuard.Testing"],
    };

    private static readonly Dictionary<string, string[]> AllowedPackages = new(StringComparer.Ordinal)
    {
        ["EdgeGuard.Bundles"] = ["YamlDotNet"],
        ["EdgeGuard.Engine"] = [],
        ["EdgeGuard.Contracts"] = [],
    };

    public static IEnumerable<Finding> References(SourceFile project)
    {
        string name = Path.GetFileNameWithoutExtension(project.Path);
        if (name.EndsWith(".Tests", StringComparison.Ordinal))
        {
            yield break;
        }

        if (!Allowed.TryGetValue(name, out string[]? allowed))
        {
            yield return new Finding(project.Path, 0, $"is a new project: say in {nameof(ProjectRules)} and docs/architecture.md what it may reference");
            yield break;
        }

        foreach (string reference in Included(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)))
        {
            if (!allowed.Contains(reference, StringComparer.Ordinal))
            {
                yield return new Finding(project.Path, 0, $"references {reference}; it may reference only [{string.Join(", ", allowed)}]");
            }
        }

        if (AllowedPackages.TryGetValue(name, out string[]? packages))
        {
            foreach (string package in Included(project, "PackageReference").Where(package => !packages.Contains(package, StringComparer.Ordinal)))
            {
                yield return new Finding(project.Path, 0, $"uses the package {package}; it may use only [{string.Join(", ", packages)}]");
            }
        }
    }

    /// <summary>Two programs share libraries, never each other.</summary>
    public static IEnumerable<Finding> Executables(IReadOnlyList<SourceFile> projects)
    {
        HashSet<string> executables = [.. projects
            .Where(project => !project.IsTest && Xml(project).Descendants("OutputType").Any(type => type.Value == "Exe"))
            .Select(project => Path.GetFileNameWithoutExtension(project.Path))];
        return projects
            .Where(project => executables.Contains(Path.GetFileNameWithoutExtension(project.Path)))
            .SelectMany(project => Included(project, "ProjectReference")
                .Select(path => Path.GetFileNameWithoutExtension(path))
                .Where(executables.Contains)
                .Select(reference => new Finding(project.Path, 0, $"is a program and references the program {reference}")));
    }

    /// <summary>Versions stand in one place.</summary>
    public static IEnumerable<Finding> Versions(SourceFile project)
        => Xml(project).Descendants("PackageReference")
            .Where(reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null)
            .Select(reference => new Finding(project.Path, 0, $"gives a version for {reference.Attribute("Include")?.Value}; it belongs in Directory.Packages.props"));

    public static IEnumerable<Finding> LockFile(SourceFile project, Func<string, bool> exists)
        => exists(Path.Combine(Path.GetDirectoryName(project.Path)!, "packages.lock.json"))
            ? []
            : [new Finding(project.Path, 0, "has no packages.lock.json; restore it and commit the file")];

    public static IEnumerable<Finding> InSolution(SourceFile project, string solution)
        => solution.Contains(project.Path.Replace('/', '\\'), StringComparison.Ordinal) || solution.Contains(project.Path, StringComparison.Ordinal)
            ? []
            : [new Finding(project.Path, 0, "is not in EdgeGuard.sln")];

    private static IEnumerable<string> Included(SourceFile project, string item)
        => Xml(project).Descendants(item)
            // Built before, not linked: an order of building is no dependency of the code.
            .Where(element => element.Attribute("ReferenceOutputAssembly")?.Value != "false")
            .Select(element => element.Attribute("Include")?.Value.Replace('\\', '/') ?? string.Empty);

    private static XDocument Xml(SourceFile project) => XDocument.Parse(project.Text);
}
