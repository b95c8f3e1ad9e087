namespace EdgeGuard.Contracts;

/// <summary>Addresses of the management API. All take <c>Authorization: Bearer</c> with a user's access token; the organization comes from it.</summary>
public static class ApiRoutes
{
    /// <summary>GET <see cref="WhoAmI"/>.</summary>
    public const string Me = "/api/v1/me";

    /// <summary>GET a list of <see cref="EdgeInfo"/>; POST <see cref="CreateEdge"/>, answers 201 <see cref="EdgeCredentials"/>.</summary>
    public const string Edges = "/api/v1/edges";

    /// <summary>POST on <c>/api/v1/edges/{id}/tokens</c> <see cref="RotateToken"/>, answers 201 <see cref="EdgeCredentials"/> without a signing key.</summary>
    public const string EdgeTokens = "/tokens";

    /// <summary>
    /// POST a draft (<c>application/yaml</c> or <c>application/json</c>), answers 201 <see cref="BundleInfo"/>; <c>?dry_run=true</c> validates
    /// and diffs only (200). 422 with <see cref="Problem"/> when refused. GET a list of <see cref="BundleInfo"/>, newest first.
    /// </summary>
    public const string Bundles = "/api/v1/bundles";

    /// <summary>GET <c>/api/v1/bundles/current</c> or <c>/api/v1/bundles/{version}</c>: canonical JSON of the document, <c>X-EdgeGuard-Bundle-Version</c>.</summary>
    public const string CurrentBundle = "/api/v1/bundles/current";

    /// <summary>
    /// GET a list of <see cref="KillSwitchInfo"/>; POST <see cref="CreateKillSwitch"/>, answers 201 <see cref="KillSwitchInfo"/>;
    /// DELETE <c>/api/v1/kill-switches/{id}?reason=</c>, answers 204.
    /// </summary>
    public const string KillSwitches = "/api/v1/kill-switches";

    /// <summary>POST <see cref="CreateKillSwitch"/>, answers <see cref="KillSwitchPreview"/>: what it would hit. Changes nothing.</summary>
    public const string KillSwitchPreview = "/api/v1/kill-switches/preview";

    /// <summary>
    /// GET a list of <see cref="ApiKeyInfo"/>, <c>?all=true</c> with those that ended; POST <see cref="CreateApiKey"/>, answers 201
    /// <see cref="NewApiKey"/>; DELETE <c>/api/v1/api-keys/{id}?reason=</c> revokes, answers 204.
    /// </summary>
    public const string ApiKeys = "/api/v1/api-keys";

    /// <summary>POST on <c>/api/v1/api-keys/{id}/rotations</c> <see cref="RotateApiKey"/>, answers 201 <see cref="NewApiKey"/>.</summary>
    public const string ApiKeyRotations = "/rotations";

    /// <summary>
    /// GET a list of <see cref="RevocationInfo"/>; POST <see cref="CreateRevocation"/>, answers 201 <see cref="RevocationInfo"/>;
    /// DELETE <c>/api/v1/revocations/{id}?reason=</c>, answers 204.
    /// </summary>
    public const string Revocations = "/api/v1/revocations";

    /// <summary>GET <see cref="FleetStatus"/>.</summary>
    public const string Status = "/api/v1/status";

    /// <summary>GET <see cref="TelemetrySummary"/>; <c>?edge=</c> narrows.</summary>
    public const string TelemetrySummary = "/api/v1/telemetry/summary";

    /// <summary>GET a list of <see cref="BudgetInfo"/>: who holds what of fleet-wide budgets, windows that ended up to a day ago included.</summary>
    public const string Budgets = "/api/v1/budgets";

    /// <summary>GET a list of <see cref="BudgetKeyInfo"/> of <c>?budget=POLICY/RULE</c>, most spent first, at most 1 000.</summary>
    public const string BudgetKeys = "/api/v1/budgets/keys";

    /// <summary>GET a page of <see cref="AuditEntry"/>, newest first; <c>?before=&amp;limit=</c>.</summary>
    public const string Audit = "/api/v1/audit";

    /// <summary>GET the OpenAPI document.</summary>
    public const string OpenApi = "/openapi/v1.json";
}
