using System.Text.Json.Serialization.Metadata;
using EdgeGuard.ControlPlane.ApiKeys;
using EdgeGuard.ControlPlane.Audit;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Edges;
using EdgeGuard.ControlPlane.KillSwitches;
using EdgeGuard.ControlPlane.Leases;
using EdgeGuard.ControlPlane.Orgs;
using EdgeGuard.ControlPlane.Policies;
using EdgeGuard.ControlPlane.Revocations;
using EdgeGuard.ControlPlane.Stream;
using EdgeGuard.ControlPlane.Telemetry;
using EdgeGuard.Options;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>What the control plane consists of.</summary>
internal static class ServiceRegistration
{
    /// <summary>Registers everything but the certificate and the clock.</summary>
    public static IServiceCollection AddControlPlane(
        this IServiceCollection services, ControlPlaneOptions options, KeyMaterial keys, Database database)
    {
        services.AddSingleton(options).AddSingleton(keys).AddSingleton(keys.Columns).AddSingleton(keys.Hashes);
        services.AddSingleton(_ => database);
        services.AddSingleton<Writer>().AddSingleton<CredentialReader>().AddSingleton<FailedAttempts>();
        services.AddSingleton<UserDirectory>().AddSingleton<OrganizationCreator>().AddSingleton<AuditVerifier>();
        services.AddSingleton<KillSwitchReader>().AddSingleton<KillSwitchStore>().AddSingleton<KillSwitchPreviewer>();
        services.AddSingleton<RevocationReader>().AddSingleton<RevocationStore>().AddSingleton<ApiKeyReader>().AddSingleton<ApiKeyStore>();
        services.AddSingleton<BundleReaderService>().AddSingleton<BundlePublisher>();
        services.AddSingleton<EdgeColumns>().AddSingleton<EdgeStates>().AddSingleton<EdgeInventory>().AddSingleton<EdgeRegistrar>();
        services.AddSingleton<DirectiveStates>().AddSingleton<DirectiveLoader>().AddSingleton<DirectiveHub>().AddSingleton<PendingSessions>().AddSingleton<StreamServer>();
        services.AddSingleton<TelemetryIntake>();
        services.AddSingleton<LeaseBudgets>().AddSingleton<LeaseService>();
        services.AddSingleton<LeaseCleanup>().AddHostedService(provider => provider.GetRequiredService<LeaseCleanup>());
        services.AddScoped<BudgetReader>().AddScoped<ApiKeyAnswers>().AddScoped<OrganizationScope>().AddScoped<Caller>();
        services.AddScoped(provider => database.Open(provider.GetRequiredService<OrganizationScope>()));
        services.AddSingleton<EdgeStateFlusher>().AddHostedService(provider => provider.GetRequiredService<EdgeStateFlusher>());
        services.AddHostedService<HeartbeatService>().AddHostedService<CertificateRenewal>();
        services.AddRouting();
        services.AddRequestLimits();
        services.ConfigureHttpJsonOptions(json =>
        {
            // Bodies are written with the generated context itself; the reflecting one serves the schemas of the OpenAPI document.
            json.SerializerOptions.TypeInfoResolver = JsonTypeInfoResolver.Combine(Contracts.ContractsJson.Default, new DefaultJsonTypeInfoResolver());
            json.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
        });
        services.AddOpenApi("v1", ApiDocument.Configure);
        return services;
    }
}
