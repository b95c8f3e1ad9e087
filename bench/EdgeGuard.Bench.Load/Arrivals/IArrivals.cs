namespace EdgeGuard.Bench.Load.Arrivals;

/// <summary>When requests are to be sent. All moments are timestamps of the run's <see cref="TimeProvider"/>.</summary>
internal interface IArrivals
{
    /// <summary>Moment of the first request that was not taken yet; <see cref="long.MaxValue"/> when there is none any more.</summary>
    /// <param name="now">Present moment, for a plan that has no moments of its own.</param>
    long NextDue(long now);

    /// <summary>Takes that request.</summary>
    void Take();
}
