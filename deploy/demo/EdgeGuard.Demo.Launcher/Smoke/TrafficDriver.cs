using System.Collections.Concurrent;

namespace EdgeGuard.Demo.Launcher.Smoke;

/// <summary>Sends requests to the proxy and counts what was decided, to be compared with what the control plane counts.</summary>
internal sealed class TrafficDriver(Func<Uri> proxy) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly ConcurrentDictionary<string, long> _decided = new(StringComparer.Ordinal);
    private long _failed;

    /// <summary>Requests by reason; the empty reason is an allow.</summary>
    public IReadOnlyDictionary<string, long> Decided => _decided;

    /// <summary>Requests without a decision of the edge.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    public async Task<Answer> SendAsync(string path, string? key)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(proxy(), path));
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request);
            string body = await response.Content.ReadAsStringAsync();
            Answer answer = new(
                (int)response.StatusCode,
                response.Headers.Concat(response.Content.Headers).ToDictionary(
                    header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
                body,
                TimeProvider.System.GetTimestamp());
            _decided.AddOrUpdate(answer.Reason, 1, static (_, count) => count + 1);
            return answer;
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _failed);
            throw;
        }
    }

    public async Task<IReadOnlyList<Answer>> SendManyAsync(string path, string? key, int count)
    {
        List<Answer> answers = new(count);
        for (int i = 0; i < count; i++)
        {
            answers.Add(await SendAsync(path, key));
        }

        return answers;
    }

    /// <summary>Sends without a pause on several connections until an answer fits; gives the first one that did.</summary>
    public async Task<Answer> SendUntilAsync(string path, string key, Predicate<Answer> fits, CancellationToken cancellation, int connections = 2)
    {
        using CancellationTokenSource found = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Answer[] first = await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            Answer answer;
            do
            {
                answer = await SendAsync(path, key);
            }
            while (!fits(answer) && !found.IsCancellationRequested);
            await found.CancelAsync();
            return answer;
        }));
        return first.Where(answer => fits(answer)).MinBy(answer => answer.At)
            ?? throw new DemoException($"no fitting answer among {_decided.Values.Sum()} requests; the last one was {first[0].Status} {first[0].Reason}");
    }

    public void Dispose() => _client.Dispose();
}
