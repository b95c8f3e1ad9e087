namespace EdgeGuard.Bundles.Model;

/// <summary>What a policy wants to know of its caller.</summary>
public enum IdentityMode : byte
{
    /// <summary>A verified identity counts where it is there.</summary>
    Optional,

    /// <summary>Without a verified identity a request is refused.</summary>
    Required,

    /// <summary>No identity is looked at.</summary>
    None,
}
