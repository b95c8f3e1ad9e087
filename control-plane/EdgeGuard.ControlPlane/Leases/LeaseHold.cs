namespace EdgeGuard.ControlPlane.Leases;

/// <summary>What one holder was given of one key in one window beyond its share, and what it said about it. All amounts are sums that never fall.</summary>
internal sealed record LeaseHold
{
    public required string Budget { get; init; }

    public required string Key { get; init; }

    /// <summary>Start of the window, Unix seconds.</summary>
    public required long Window { get; init; }

    /// <summary>End of the window, Unix seconds.</summary>
    public required long WindowEnd { get; init; }

    public required string Holder { get; init; }

    /// <summary>Largest budget that it was accounted with.</summary>
    public required long Units { get; init; }

    public long Granted { get; init; }

    /// <summary>What is counted as returned; never more than it held.</summary>
    public long Returned { get; init; }

    /// <summary>Highest that it reported as spent.</summary>
    public long Spent { get; init; }

    /// <summary>Highest total of grants that it reported to have.</summary>
    public long Seen { get; init; }

    /// <summary>Size of its last grant.</summary>
    public long Slice { get; init; }

    /// <summary>When that was, Unix milliseconds.</summary>
    public long GrantedAt { get; init; }

    /// <summary>When it last wanted more, Unix milliseconds.</summary>
    public long WantedAt { get; init; }

    /// <summary>When it was last asked to return what it has not spent, Unix milliseconds; 0 when it is not.</summary>
    public long RecalledAt { get; init; }

    /// <summary>Plan that the recall is for.</summary>
    public string? RecalledTier { get; init; }

    /// <summary>Granted and not returned; below zero when some of the standing share was returned.</summary>
    public long Extra => Granted - Returned;
}
