using EdgeGuard.Options;

namespace EdgeGuard.Edge.Admin;

/// <summary>Adds the admin socket.</summary>
internal static class AdminServices
{
    /// <summary>Adds the admin socket. Needs what <c>AddEdgeSync</c> adds, the state directory and the snapshot holder.</summary>
    public static IServiceCollection AddEdgeAdmin(this IServiceCollection services, EdgeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton<AdminStatusReader>();
        services.AddSingleton<ExplainAdmin>();
        services.AddSingleton<AdminHandler>();
        services.AddSingleton<AdminServer>();
        services.AddHostedService(provider => provider.GetRequiredService<AdminServer>());
        return services;
    }
}
