using System.Collections.Concurrent;

namespace EdgeGuard.EndToEnd.Tests.Fleet;

/// <summary>A client of the guarded service, which counts what was decided.</summary>
internal sealed class ProxyClient(Uri address) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(60),
    };

    private readonly ConcurrentDictionary<string, long> _decided = new(StringComparer.Ordinal);

    /// <summary>Answers by reason; the empty reason is an allow.</summary>
    public IReadOnlyDictionary<string, long> Decided => _decided;

    public async Task<ProxyAnswer> GetAsync(string path, string? key = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        if (token is not null)
        {
            request.Headers.Add("Authorization", "Bearer " + token);
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await _client.SendAsync(request);
        ProxyAnswer answer = new(
            (int)response.StatusCode,
            response.Headers.Concat(response.Content.Headers).ToDictionary(
                header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
            await response.Content.ReadAsStringAsync());
        _decided.AddOrUpdate(answer.Reason, 1, static (_, count) => count + 1);
        return answer;
    }

    public void Dispose() => _client.Dispose();
}
