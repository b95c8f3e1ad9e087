namespace EdgeGuard.Edge.Hosting;

/// <summary>What a test replaces of the outside world.</summary>
internal sealed record EdgeHostSettings
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>For fetching key sets; null for the network.</summary>
    public HttpMessageHandler? KeySetHandler { get; init; }

    /// <summary>Adds or replaces services after all others.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}
