using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Answers;

/// <summary>What a policy says for the doors.</summary>
internal sealed class DoorSettings
{
    /// <summary>Where it says something else than the bundle, or null.</summary>
    public SecurityHeadersDefinition? SecurityHeaders { get; private init; }

    /// <summary>Which pages may call, or null when it says nothing of that.</summary>
    public CompiledCors? Cors { get; private init; }

    /// <summary>Bounds of a request, or null.</summary>
    public RequestLimitsDefinition? Limits { get; private init; }

    /// <summary>The settings of a policy, or null when it has none.</summary>
    public static DoorSettings? Of(PolicyDefinition policy) => policy is { SecurityHeaders: null, Cors: null, RequestLimits: null }
        ? null
        : new DoorSettings
        {
            SecurityHeaders = policy.SecurityHeaders,
            Cors = policy.Cors is { } cors ? new CompiledCors(cors) : null,

            // A shadow policy refuses nothing.
            Limits = policy.Mode == PolicyMode.Shadow ? null : policy.RequestLimits,
        };
}
