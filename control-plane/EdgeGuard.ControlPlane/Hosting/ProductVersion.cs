using System.Reflection;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>The release that is running.</summary>
internal static class ProductVersion
{
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
