namespace EdgeGuard.Bundles.Model;

/// <summary>Whose credentials a revocation voids.</summary>
public enum RevokedKind : byte
{
    /// <summary>Everything issued to an organization.</summary>
    Organization,

    /// <summary>Everything issued to a subject (<c>sub</c>).</summary>
    Subject,

    /// <summary>An API key, by id.</summary>
    Key,
}
