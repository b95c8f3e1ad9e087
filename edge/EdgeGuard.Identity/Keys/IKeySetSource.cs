namespace EdgeGuard.Identity.Keys;

/// <summary>Where an issuer's key set comes from.</summary>
internal interface IKeySetSource
{
    /// <summary>How long to wait after a good fetch.</summary>
    TimeSpan Interval { get; }

    /// <summary>Fetches and reads the set; never throws but for cancellation.</summary>
    Task<KeySetRead> FetchAsync(CancellationToken cancellation);
}
