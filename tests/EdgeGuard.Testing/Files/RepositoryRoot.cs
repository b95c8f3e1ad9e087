namespace EdgeGuard.Testing;

/// <summary>The folder that <c>EdgeGuard.sln</c> lies in, found from where the tests run.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    /// <summary>Absolute path of something in the repository.</summary>
    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Build configuration of the running tests: <c>Debug</c> or <c>Release</c>.</summary>
    public static string Configuration { get; } =
        AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "EdgeGuard.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"EdgeGuard.sln is in no folder above {AppContext.BaseDirectory}");
    }
}
