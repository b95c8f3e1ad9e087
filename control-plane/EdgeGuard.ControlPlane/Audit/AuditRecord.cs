namespace EdgeGuard.ControlPlane.Audit;

/// <summary>An act to be written to the audit log.</summary>
/// <param name="Action">Stable name, such as <c>kill_switch.add</c>; listed in <c>docs/audit-log.md</c>.</param>
/// <param name="Subject">What it was done to, such as <c>kill_switch:ks-1</c>. Never a scope value, token or address.</param>
/// <param name="Before">State before as JSON, or null; encrypted at rest.</param>
/// <param name="After">State after as JSON, or null; encrypted at rest.</param>
internal sealed record AuditRecord(string Action, string Subject, string? Before, string? After);
