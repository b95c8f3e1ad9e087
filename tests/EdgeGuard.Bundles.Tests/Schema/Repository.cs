namespace EdgeGuard.Bundles.Tests.Schema;

/// <summary>Files of the repository that tests compare with.</summary>
internal static class Repository
{
    /// <summary>Set to write generated files instead of comparing them.</summary>
    public const string WriteVariable = "EDGEGUARD_WRITE_GENERATED";

    public static bool WritesGenerated => Environment.GetEnvironmentVariable(WriteVariable) == "1";

    public static string PathOf(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EdgeGuard.sln")))
            {
                return Path.Combine(folder.FullName, relative);
            }
        }

        throw new InvalidOperationException("no EdgeGuard.sln above the test's folder");
    }
}
