using EdgeGuard.Edge.Counters;
using EdgeGuard.Edge.Takeover;

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

    /// <summary>What a running edge passes on to this one; null for a start of its own.</summary>
    public Inheritance? Inheritance { get; init; }

    /// <summary>Whether the decision listener answers what it can without the web server; only to compare the two it is ever off.</summary>
    public bool DecisionLane { get; init; } = true;

    /// <summary>Adds or replaces services after all others.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}
