namespace EdgeGuard.ControlPlane.Audit;

/// <summary>Every action of the audit log; each is described in <c>docs/audit-log.md</c> (a test compares).</summary>
internal static class AuditActions
{
    public const string OrganizationCreate = "organization.create";
    public const string UserCreate = "user.create";
    public const string AccessTokenCreate = "access_token.create";
    public const string EdgeCreate = "edge.create";
    public const string EdgeTokenRotate = "edge.token_rotate";
    public const string EdgeSecondSession = "edge.second_session";
    public const string EdgeProofFailed = "edge.proof_failed";
    public const string EdgeLocalKill = "edge.local_kill";
    public const string BundlePublish = "bundle.publish";
    public const string KillSwitchAdd = "kill_switch.add";
    public const string KillSwitchRemove = "kill_switch.remove";
    public const string ApiKeyCreate = "api_key.create";
    public const string ApiKeyRotate = "api_key.rotate";
    public const string ApiKeyRevoke = "api_key.revoke";
    public const string RevocationAdd = "revocation.add";
    public const string RevocationRemove = "revocation.remove";
}
