namespace EdgeGuard.Bench.Load.Running;

/// <summary>How a run goes.</summary>
internal sealed record LoadSettings
{
    /// <summary>Requests a second; 0 for a closed loop.</summary>
    public double Rate { get; init; }

    /// <summary>Poisson arrivals instead of equally spaced ones.</summary>
    public bool Poisson { get; init; }

    /// <summary>Time before measuring; its answers are verified, but their times are not recorded.</summary>
    public TimeSpan WarmUp { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time after the last planned request for what was planned and is not answered yet.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests that may be under way on one connection; 1 is no pipelining.</summary>
    public int Pipeline { get; init; } = 1;

    public bool AnswersHead { get; init; }

    public int Seed { get; init; } = 1;
}
