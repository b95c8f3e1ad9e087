namespace EdgeGuard.Options;

/// <summary>What clients may take of the edge (<c>clients</c>).</summary>
public sealed record ClientOptions
{
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>Bytes per second; 0 for any.</summary>
    public long MinRate { get; init; } = 240;

    /// <summary>0 for any number.</summary>
    public long MaxConnections { get; init; }
}
