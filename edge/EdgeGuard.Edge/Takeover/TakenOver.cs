using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Edge.Takeover;

/// <summary>Shares the counters with the process that was taken over until that has ended, and then undoes what it may have died in.</summary>
internal sealed class TakenOver : IDisposable
{
    private readonly Inheritance _from;
    private readonly Task _ended;

    private TakenOver(Inheritance from, CounterTable counters, ILogger logger)
    {
        _from = from;
        _ended = EndAsync(counters, logger);
    }

    /// <summary>Says that this process is the owner now.</summary>
    public static async Task<TakenOver> BeginAsync(Inheritance from, CounterTable counters, ILogger logger)
    {
        await from.ListeningAsync();
        return new TakenOver(from, counters, logger);
    }

    /// <summary>Ends once the other process has.</summary>
    public Task Ended => _ended;

    /// <inheritdoc />
    public void Dispose() => _from.Dispose();

    private async Task EndAsync(CounterTable counters, ILogger logger)
    {
        try
        {
            var clean = await _from.EndAsync();
            counters.EndSharing(clean);
            TakeoverLog.TakenOver(logger, clean);
        }
        catch (ObjectDisposedException)
        {
            // This process ends before the other.
        }
    }
}
