namespace EdgeGuard.Identity.Keys;

/// <summary>A key set behind an address.</summary>
internal sealed class HttpKeySetSource(string issuerId, Uri address, TimeSpan interval, HttpMessageInvoker http, TimeProvider time) : IKeySetSource
{
    /// <inheritdoc />
    public TimeSpan Interval { get; } = interval < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : interval;

    /// <inheritdoc />
    public async Task<KeySetRead> FetchAsync(CancellationToken cancellation)
    {
        var (content, why) = await HttpFetch.GetAsync(http, address, "application/jwk-set+json, application/json", time, cancellation);
        return content is not null
            ? JwkSetReader.Read(content, issuerId)
            : KeySetRead.Failed(
                IdentityCodes.FetchFailed,
                issuerId,
                $"the key set cannot be fetched from {address.IdnHost}: {why}",
                "check the address, the network and the certificate; it is tried again by itself, and keys fetched before stay in use");
    }
}
