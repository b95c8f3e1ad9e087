using EdgeGuard.Edge.Counters;

namespace EdgeGuard.Edge.Hosting;

/// <summary>What a test replaces of the outside world.</summary>
internal sealed record EdgeHostSettings
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The machine's clock; null for the real one, or for that of <see cref="Time"/> when that is not the real one.</summary>
    public IBootClock? BootClock { get; init; }

    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>For fetching key sets; null for the network.</summary>
    public HttpMessageHandler? KeySetHandler { get; init; }

    /// <summary>Adds or replaces services after all others.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}
