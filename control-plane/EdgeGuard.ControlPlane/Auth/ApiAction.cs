namespace EdgeGuard.ControlPlane.Auth;

/// <summary>Everything that can be asked of the control plane. Every endpoint declares one.</summary>
internal enum ApiAction : byte
{
    ReadSelf,
    ReadEdges,
    CreateEdge,
    RotateEdgeToken,
    ReadBundles,
    DraftBundle,
    PublishBundle,
    ReadKillSwitches,
    PreviewKillSwitch,
    AddKillSwitch,
    RemoveKillSwitch,
    ReadApiKeys,
    CreateApiKey,
    RotateApiKey,
    RevokeApiKey,
    ReadRevocations,
    AddRevocation,
    RemoveRevocation,
    ReadStatus,
    ReadTelemetry,
    ReadBudgets,
    ReadAudit,
    ReadOpenApi,

    /// <summary>For edges only: session, stream, bundle, acknowledgements, telemetry, leases.</summary>
    ActAsEdge,
}
