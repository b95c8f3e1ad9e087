namespace EdgeGuard.Identity.Keys;

/// <summary>Stands for an address or file that must not be used.</summary>
internal sealed class RefusedKeySetSource(KeySetRead refusal) : IKeySetSource
{
    /// <inheritdoc />
    public TimeSpan Interval => TimeSpan.FromHours(1);

    /// <inheritdoc />
    public Task<KeySetRead> FetchAsync(CancellationToken cancellation) => Task.FromResult(refusal);
}
