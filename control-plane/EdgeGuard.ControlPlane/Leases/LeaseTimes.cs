namespace EdgeGuard.ControlPlane.Leases;

/// <summary>The times that leases are judged by.</summary>
internal static class LeaseTimes
{
    /// <summary>No window that is asked for begins so late (Unix seconds; the year 2242): later ones do not fit the engine's nanoseconds.</summary>
    public const long End = 1L << 33;

    /// <summary>Seconds after its end in which a window still takes reports and gives grants: an edge's clock may be behind.</summary>
    public const long Grace = 3_600;

    /// <summary>Seconds after its end for which what was given of a window is kept for people.</summary>
    public const long Retention = 86_400;

    /// <summary>Milliseconds in which a holder that wanted more counts as one that competes.</summary>
    public const long Rivalry = 30_000;

    /// <summary>Milliseconds in which another grant makes the next one larger: whoever asks that often spends fast.</summary>
    public const long Haste = 2_000;

    /// <summary>Milliseconds that a grant is left alone before it is asked back.</summary>
    public const long Rest = 1_000;

    /// <summary>Milliseconds between two recalls of the same holder for the same key.</summary>
    public const long RecallEvery = 2_000;

    /// <summary>Milliseconds for which a recall is told again and again.</summary>
    public const long RecallFor = 30_000;
}
