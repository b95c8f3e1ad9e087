namespace EdgeGuard.Contracts;

/// <summary>One row of the audit log.</summary>
public sealed record AuditEntry
{
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    /// <summary>What was done, for example <c>kill_switch.add</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to.</summary>
    public required string Subject { get; init; }

    /// <summary>Keyed hash of the caller's address.</summary>
    public string SourceHash { get; set; } = string.Empty;

    /// <summary>State before, JSON, or null.</summary>
    public string? Before { get; init; }

    /// <summary>State after, JSON, or null.</summary>
    public string? After { get; init; }

    /// <summary>SHA-256 over this row and the hash before it, lower-case hex.</summary>
    public required string Hash { get; init; }
}
