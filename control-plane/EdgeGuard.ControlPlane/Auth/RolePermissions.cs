using System.Collections.Frozen;

namespace EdgeGuard.ControlPlane.Auth;

/// <summary>The one table of who may do what. An action that is not in it is denied to everybody.</summary>
internal static class RolePermissions
{
    private static readonly Role[] Everybody = [Role.Viewer, Role.Editor, Role.Operator, Role.Admin, Role.Billing, Role.SuperAdmin];
    private static readonly Role[] Readers = [Role.Viewer, Role.Editor, Role.Operator, Role.Admin, Role.SuperAdmin];
    private static readonly Role[] Authors = [Role.Editor, Role.Operator, Role.Admin, Role.SuperAdmin];
    private static readonly Role[] Operators = [Role.Operator, Role.Admin, Role.SuperAdmin];

    /// <summary>Roles by action.</summary>
    public static FrozenDictionary<ApiAction, Role[]> Table { get; } = new Dictionary<ApiAction, Role[]>
    {
        [ApiAction.ReadSelf] = Everybody,
        [ApiAction.ReadOpenApi] = Everybody,
        [ApiAction.ReadEdges] = Readers,
        [ApiAction.ReadBundles] = Readers,
        [ApiAction.ReadKillSwitches] = Readers,
        [ApiAction.ReadStatus] = Readers,
        [ApiAction.ReadTelemetry] = [.. Readers, Role.Billing],
        [ApiAction.ReadBudgets] = Readers,
        [ApiAction.ReadAudit] = Readers,
        [ApiAction.DraftBundle] = Authors,
        [ApiAction.PublishBundle] = Operators,
        [ApiAction.CreateEdge] = Operators,
        [ApiAction.RotateEdgeToken] = Operators,
        [ApiAction.PreviewKillSwitch] = Operators,
        [ApiAction.AddKillSwitch] = Operators,
        [ApiAction.RemoveKillSwitch] = Operators,
        [ApiAction.ReadApiKeys] = Readers,
        [ApiAction.CreateApiKey] = Operators,
        [ApiAction.RotateApiKey] = Operators,
        [ApiAction.RevokeApiKey] = Operators,
        [ApiAction.ReadRevocations] = Readers,
        [ApiAction.AddRevocation] = Operators,
        [ApiAction.RemoveRevocation] = Operators,
    }.ToFrozenDictionary();

    /// <summary>Whether a credential may do something.</summary>
    public static bool Allows(Credential credential, ApiAction action) => credential.EdgeId is not null
        ? action is ApiAction.ActAsEdge
        : Table.TryGetValue(action, out var roles) && Array.IndexOf(roles, credential.Role) >= 0;
}
