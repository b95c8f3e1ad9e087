using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Diff;
using EdgeGuard.ControlPlane.Data;

namespace EdgeGuard.ControlPlane.Policies;

/// <summary>What became of a push.</summary>
internal sealed record PublishOutcome
{
    /// <summary>The version published, or in force already; null when refused, moved or tried dry.</summary>
    public BundleVersionRow? Row { get; init; }

    /// <summary>Whether a new version came to be.</summary>
    public bool IsNew { get; init; }

    /// <summary>Version that it is or would be.</summary>
    public long Version { get; init; }

    public string Digest { get; init; } = string.Empty;

    /// <summary>Whether the version in force is not the expected one.</summary>
    public bool Moved { get; init; }

    /// <summary>Whether the bundle is refused; <see cref="Diagnostics"/> say why.</summary>
    public bool Refused { get; init; }

    public IReadOnlyList<BundleChange> Changes { get; init; } = [];

    public IReadOnlyList<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>Edges that get it.</summary>
    public int Edges { get; init; }
}
