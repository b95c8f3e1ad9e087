using System.Net;

namespace EdgeGuard.Identity.Keys;

/// <summary>Fetches one document: bounded in size and time, no redirects, no cookies, nothing of a request in it.</summary>
internal static class HttpFetch
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>The document, or the reason why there is none, and its code.</summary>
    /// <param name="http">Sends the request.</param>
    /// <param name="address">An address that is allowed.</param>
    /// <param name="accept">Media types asked for.</param>
    /// <param name="time">Ends it after 10 seconds.</param>
    /// <param name="cancellation">Ends it early, with an exception.</param>
    public static async Task<Fetched> GetAsync(
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
                return Fetched.Failed($"it answered {(int)response.StatusCode}");
            }

            // A handler that follows redirects in spite of us is found out here.
            if (response.RequestMessage?.RequestUri is { } final && final != address)
            {
                return Fetched.Failed("it redirected to another address");
            }

            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var content = await BoundedRead.Async(body, JwkSetReader.MaxBytes, either.Token);
            return content is null ? Fetched.Failed($"its answer is larger than {JwkSetReader.MaxBytes} bytes") : new Fetched(content, string.Empty);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Fetched.Failed($"no answer within {Timeout.TotalSeconds} seconds");
        }
        catch (HttpRequestException problem) when (problem.InnerException is PrivateAddressException)
        {
            return Fetched.Failed("its name leads to a private address", isPrivate: true);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or InvalidOperationException)
        {
            return Fetched.Failed(problem is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } known ? $"{known.HttpRequestError}" : "the connection failed");
        }
    }
}
