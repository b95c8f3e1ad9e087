using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.DataFiles;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Bundles;

/// <summary>Puts a bundle in force before the first request: what was in force last, then the file where there is one.</summary>
internal static class FirstActivation
{
    /// <summary>Activates. An edge that has neither a usable file nor a last good bundle does not start; one that has the latter starts on it, loudly.</summary>
    /// <exception cref="StartException">The bundle file is refused or unreadable, and nothing was in force before.</exception>
    public static void Run(IServiceProvider services)
    {
        services.GetRequiredService<DataFileSet>().Load();
        try
        {
            Activate(services);
        }
        finally
        {
            services.GetRequiredService<BundlePreparation>().EndEarly();
        }
    }

    private static void Activate(IServiceProvider services)
    {
        services.GetRequiredService<BundleActivator>().ActivateLastGood();
        if (services.GetService<FileBundleSource>() is not { } file)
        {
            return;
        }

        var result = file.LoadNow();
        var inForce = services.GetRequiredService<BundleStatus>().Active is not null;
        if (!inForce)
        {
            throw new StartException(ExitCode.Refused, result?.Diagnostics ?? [Unreadable(services.GetRequiredService<EdgeOptions>().BundleFile)]);
        }
    }

    private static Diagnostic Unreadable(string path) => new(
        EdgeCodes.BundleUnreadable,
        Severity.Error,
        new SourceLocation(path, 0, 0),
        string.Empty,
        "the bundle file cannot be read, and no bundle was in force here before",
        "check the path (bundle_file, --bundle) and that the edge's user may read it");
}
