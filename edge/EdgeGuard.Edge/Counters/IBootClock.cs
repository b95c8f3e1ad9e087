namespace EdgeGuard.Edge.Counters;

/// <summary>A clock that stands at zero when the machine boots, never steps, and runs on while the machine is suspended.</summary>
internal interface IBootClock
{
    /// <summary>Nanoseconds since the boot.</summary>
    long Nanoseconds { get; }

    /// <summary>Which boot; readings of two boots have nothing to do with each other.</summary>
    UInt128 Boot { get; }
}
