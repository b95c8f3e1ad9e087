using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Identity;

/// <summary>
/// Clients that never pause at the proxy of a real edge: with valid tokens, most of them never seen and some seen often; with tokens of a stranger's
/// key under a good key's id; and, when told to, with ids of keys that nobody has. What came that must not come is kept.
/// </summary>
internal sealed class IssuerLoad : IAsyncDisposable
{
    private const int Clients = 6;

    private readonly EdgeUnderTest _edge;
    private readonly JwksServer _server;
    private readonly TestKey _stranger = TestKey.CreateEc("stranger");
    private readonly CancellationTokenSource _enough = new();
    private readonly SemaphoreSlim _flood = new(1, 1);
    private readonly ConcurrentBag<string> _wrong = [];
    private readonly long[] _rounds = new long[Clients];
    private readonly Task[] _clients;
    private volatile string _keyId;
    private volatile bool _isFlooding;
    private long _valid;
    private long _forged;
    private long _invented;

    public IssuerLoad(EdgeUnderTest edge, JwksServer server, string keyId)
    {
        (_edge, _server, _keyId) = (edge, server, keyId);
        _clients =
        [
            .. Enumerable.Range(0, Clients).Select(number => Task.Run(() => SendValidAsync(number))),
            Task.Run(SendForgedAsync),
            Task.Run(SendInventedAsync),
        ];
    }

    /// <summary>Requests so far: valid ones, forged ones, and ones with an invented key id.</summary>
    public (long Valid, long Forged, long Invented) Counts => (Interlocked.Read(ref _valid), Interlocked.Read(ref _forged), Interlocked.Read(ref _invented));

    /// <summary>Whether invented key ids are sent too.</summary>
    public bool IsFlooding
    {
        get => _isFlooding;
        set => _isFlooding = value;
    }

    /// <summary>From now on tokens are signed with another key; ends when none of the last one is under way any more.</summary>
    public async Task SignWithAsync(string keyId)
    {
        _keyId = keyId;
        await WaitForRoundsAsync(2);
    }

    /// <summary>
    /// Moves the clock while no invented key id is under way. A clock that is moved goes from timer to timer and stands at each for a moment, and each
    /// ten seconds of it allow one more fetch: how many of those moments a flood catches would depend on the machine.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await _flood.WaitAsync();
        try
        {
            _edge.Time.Advance(by);
        }
        finally
        {
            _flood.Release();
        }
    }

    /// <summary>Ends when every client has been answered so many more times.</summary>
    public async Task WaitForRoundsAsync(int rounds)
    {
        var before = Enumerable.Range(0, Clients).Select(number => Interlocked.Read(ref _rounds[number])).ToArray();
        await Eventually.TrueAsync(() => Enumerable.Range(0, Clients).All(number => Interlocked.Read(ref _rounds[number]) >= before[number] + rounds), what: "every client is answered");
    }

    /// <summary>Holds that nothing came that must not come.</summary>
    public void AssertNothingWrong() => Assert.True(_wrong.IsEmpty, $"{_wrong.Count} wrong answers, such as: {string.Join("; ", _wrong.Take(5))}");

    public async Task StopAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_clients).Within("the end of the load");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stranger.Dispose();
        _enough.Dispose();
        _flood.Dispose();
    }

    /// <summary>A valid token; every number another one.</summary>
    public string Token(string keyId, string number) =>
        _server.Issue(new JsonObject { ["sub"] = "ann", ["aud"] = "api", ["number"] = number }, keyId, _edge.Time);

    private async Task SendValidAsync(int number)
    {
        var (known, knownKey) = (string.Empty, string.Empty);
        for (var i = 0; !_enough.IsCancellationRequested; i++)
        {
            var keyId = _keyId;
            if (i % 8 == 0 || keyId != knownKey)
            {
                (known, knownKey) = (Token(keyId, $"{number}-{i}"), keyId);
            }

            await SendAsync(i % 2 == 0 ? Token(keyId, $"{number}-{i}-new") : known, "200 allow", $"valid token of {keyId}");
            Interlocked.Increment(ref _valid);
            Interlocked.Increment(ref _rounds[number]);
        }
    }

    private async Task SendForgedAsync()
    {
        while (!_enough.IsCancellationRequested)
        {
            await SendAsync(Signed(_keyId), "401 identity_invalid", "forged token");
            Interlocked.Increment(ref _forged);
        }
    }

    private async Task SendInventedAsync()
    {
        while (!_enough.IsCancellationRequested)
        {
            if (!_isFlooding)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
                continue;
            }

            await _flood.WaitAsync();
            try
            {
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(Signed(Guid.NewGuid().ToString()), "401 identity_invalid", "invented key")));
            }
            finally
            {
                _flood.Release();
            }

            Interlocked.Add(ref _invented, 4);
        }
    }

    private string Signed(string keyId) => _stranger.Sign(
        new JsonObject { ["alg"] = "ES256", ["kid"] = keyId },
        new JsonObject { ["iss"] = _server.Issuer, ["aud"] = "api", ["sub"] = "root", ["exp"] = _edge.Time.GetUtcNow().ToUnixTimeSeconds() + 3600 });

    private async Task SendAsync(string token, string expected, string what)
    {
        try
        {
            using var response = await _edge.GetAsync("/users", ("Authorization", "Bearer " + token));
            if (response.Verdict() != expected)
            {
                _wrong.Add($"{what}: {response.Verdict()}");
            }
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException)
        {
            _wrong.Add($"{what}: {problem.Message}");
        }
    }
}
