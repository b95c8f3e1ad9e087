namespace EdgeGuard.Identity.Keys;

/// <summary>A key set behind an address.</summary>
internal sealed class HttpKeySetSource(string issuerId, Uri address, TimeSpan interval, HttpMessageInvoker http, TimeProvider time) : IKeySetSource
{
    /// <inheritdoc />
    public TimeSpan Interval { get; } = interval < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : interval;

    /// <inheritdoc />
    public async Task<KeySetRead> FetchAsync(CancellationToken cancellation)
    {
        var fetched = await HttpFetch.GetAsync(http, address, "application/jwk-set+json, application/json", time, cancellation);
        return fetched.Content is { } content ? JwkSetReader.Read(content, issuerId) : fetched.ToProblem(issuerId, "the key set", address);
    }
}
