namespace EdgeGuard.Bench.Load.Streams;

/// <summary>How streams are measured.</summary>
/// <param name="Streams">At the same time.</param>
/// <param name="Events">Of a stream.</param>
/// <param name="Pause">Between two events of a stream.</param>
/// <param name="Rounds">Each with a turn without the edge and one through it.</param>
internal sealed record StreamPlan(int Streams, int Events, TimeSpan Pause, int Rounds)
{
    /// <summary>Some 400 events a second, as a busy model or a few slower ones stream them, for a minute and a half.</summary>
    public static StreamPlan Usual { get; } = new(4, 100, TimeSpan.FromMilliseconds(10), 40);
}
