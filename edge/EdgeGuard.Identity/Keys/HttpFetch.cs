using System.Net;

namespace EdgeGuard.Identity.Keys;

/// <summary>Fetches one document: bounded in size and time, no redirects, no cookies, nothing of a request in it.</summary>
internal static class HttpFetch
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>The document, or the reason why there is none.</summary>
    /// <param name="http">Sends the request.</param>
    /// <param name="address">An address that is allowed.</param>
    /// <param name="accept">Media types asked for.</param>
    /// <param name="time">Ends it after 10 seconds.</param>
    /// <param name="cancellation">Ends it early, with an exception.</param>
    public static async Task<(byte[]? Content, string Why)> GetAsync(
        HttpMessageInvoker http, Uri address, string accept, TimeProvider time, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd(accept);
            using var response = await http.SendAsync(request, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return (null, $"it answered {(int)response.StatusCode}");
            }

            // A handler that follows redirects in spite of us is found out here.
            if (response.RequestMessage?.RequestUri is { } final && final != address)
            {
                return (null, "it redirected to another address");
            }

            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var content = await BoundedRead.Async(body, JwkSetReader.MaxBytes, either.Token);
            return (content, content is null ? $"its answer is larger than {JwkSetReader.MaxBytes} bytes" : string.Empty);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"no answer within {Timeout.TotalSeconds} seconds");
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or InvalidOperationException)
        {
            return (null, problem is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } known ? $"{known.HttpRequestError}" : "the connection failed");
        }
    }
}
