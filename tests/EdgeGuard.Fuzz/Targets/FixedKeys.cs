using EdgeGuard.Identity.Keys;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>A key set that is always there.</summary>
internal sealed class FixedKeys(byte[] set) : IKeySetSource
{
    public TimeSpan Interval => TimeSpan.FromDays(1);

    public Task<KeySetRead> FetchAsync(CancellationToken cancellation) => Task.FromResult(JwkSetReader.Read(set, "bot"));
}
