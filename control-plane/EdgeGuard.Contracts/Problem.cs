namespace EdgeGuard.Contracts;

/// <summary>RFC 9457 problem details, as every error of the control plane answers (<c>application/problem+json</c>).</summary>
public sealed record Problem
{
    public string Type { get; set; } = "about:blank";

    public required string Title { get; init; }

    public required int Status { get; init; }

    public string? Detail { get; init; }

    /// <summary>Stable code, such as <c>EG6003</c>; has a page in <c>docs/errors/</c>.</summary>
    public required string Code { get; init; }

    /// <summary>All findings, where there can be more than one.</summary>
    public IReadOnlyList<ProblemItem> Errors { get; set; } = [];
}
