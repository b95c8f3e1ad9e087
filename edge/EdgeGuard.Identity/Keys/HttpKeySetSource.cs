using System.Net;

namespace EdgeGuard.Identity.Keys;

/// <summary>A key set behind an address: bounded in size and time, no redirects, no cookies, nothing of a request in it.</summary>
internal sealed class HttpKeySetSource(string issuerId, Uri address, TimeSpan interval, HttpMessageInvoker http, TimeProvider time) : IKeySetSource
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public TimeSpan Interval { get; } = interval < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : interval;

    /// <inheritdoc />
    public async Task<KeySetRead> FetchAsync(CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("application/jwk-set+json, application/json");
            using var response = await http.SendAsync(request, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return Failed($"it answered {(int)response.StatusCode}");
            }

            // A handler that follows redirects in spite of us is found out here.
            if (response.RequestMessage?.RequestUri is { } final && final != address)
            {
                return Failed("it redirected to another address");
            }

            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var content = await BoundedRead.Async(body, JwkSetReader.MaxBytes, either.Token);
            return content is null ? Failed($"its answer is larger than {JwkSetReader.MaxBytes} bytes") : JwkSetReader.Read(content, issuerId);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed($"no answer within {Timeout.TotalSeconds} seconds");
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or InvalidOperationException)
        {
            return Failed(problem is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } known ? $"{known.HttpRequestError}" : "the connection failed");
        }
    }

    private KeySetRead Failed(string why) => KeySetRead.Failed(
        IdentityCodes.FetchFailed,
        issuerId,
        $"the key set cannot be fetched from {address.IdnHost}: {why}",
        "check the address, the network and the certificate; it is tried again by itself, and keys fetched before stay in use");
}
