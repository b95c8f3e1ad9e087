namespace EdgeGuard.ControlPlane.Auth;

/// <summary>What a person may do; an edge has no role.</summary>
internal enum Role : byte
{
    Viewer,
    Editor,
    Operator,
    Admin,
    Billing,
    SuperAdmin,
}
