using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Identity.Keys;

/// <summary>
/// Keeps one issuer's key set fresh in the background. A failed fetch or a malformed set leaves the good one in use until it is too old;
/// a token with an unknown key id asks for one fetch ahead of time, at most one in ten seconds whatever comes in.
/// </summary>
internal sealed class KeySetRefresher : IAsyncDisposable
{
    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(60);

    private readonly IKeySetSource _source;
    private readonly TimeSpan _staleAfter;
    private readonly TimeProvider _time;
    private readonly Action _keysChanged;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _firstAttempt = NewSignal();
    private readonly Task _loop;

    private TaskCompletionSource? _inFlight;
    private TaskCompletionSource _wake = NewSignal();
    private volatile FetchedKeys? _current;
    private long? _lastRequest;
    private long _fetchesOk;
    private long _fetchesFailed;
    private ImmutableArray<Diagnostic> _problems = [];

    /// <summary>Starts to fetch at once.</summary>
    /// <param name="source">Where the set comes from.</param>
    /// <param name="staleAfter">How long a set stays in use after it was last fetched well.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="keysChanged">Called after other keys than before came into use.</param>
    public KeySetRefresher(IKeySetSource source, TimeSpan staleAfter, TimeProvider time, Action keysChanged)
    {
        _source = source;
        _staleAfter = staleAfter;
        _time = time;
        _keysChanged = keysChanged;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>The keys, or null when there are none or they are too old.</summary>
    public KeySet? Usable => _current is { } current && _time.GetElapsedTime(current.At) < _staleAfter ? current.Keys : null;

    /// <summary>Whether there are keys that are not too old.</summary>
    public bool IsUsable => Usable is not null;

    /// <summary>Ends with the first fetch, good or not: until then a token waits instead of being refused.</summary>
    public Task FirstAttempt => _firstAttempt.Task;

    public long FetchesOk => Interlocked.Read(ref _fetchesOk);

    public long FetchesFailed => Interlocked.Read(ref _fetchesFailed);

    /// <summary>Keys there are, usable or not.</summary>
    public int KeyCount => _current?.Keys.Count ?? 0;

    /// <summary>Time since the last good fetch.</summary>
    public TimeSpan? Age => _current is { } current ? _time.GetElapsedTime(current.At) : null;

    /// <summary>What is wrong now.</summary>
    public ImmutableArray<Diagnostic> Problems
    {
        get
        {
            lock (_lock)
            {
                return _problems;
            }
        }
    }

    /// <summary>
    /// Asks for a fetch because of an unknown key id, and ends with it. During the cooldown nothing is fetched and the call ends at once;
    /// callers during a fetch share it.
    /// </summary>
    public Task RefreshForUnknownKeyAsync()
    {
        lock (_lock)
        {
            if (_inFlight is not null)
            {
                return _inFlight.Task;
            }

            var now = _time.GetTimestamp();
            if (_lastRequest is { } last && _time.GetElapsedTime(last, now) < Cooldown)
            {
                return Task.CompletedTask;
            }

            _lastRequest = now;
            _inFlight = NewSignal();
            _wake.TrySetResult();
            return _inFlight.Task;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        var failures = 0;
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                failures = await FetchAsync() ? 0 : failures + 1;
                await WaitAsync(failures == 0 ? _source.Interval : Backoff(failures));
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
        finally
        {
            EndFetch();
        }
    }

    private TimeSpan Backoff(int failures)
    {
        var delay = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 10));
        var longest = _source.Interval < LongestRetry ? _source.Interval : LongestRetry;
        return delay < longest ? delay : longest;
    }

    private async Task<bool> FetchAsync()
    {
        lock (_lock)
        {
            _inFlight ??= NewSignal();
            _wake = NewSignal();
        }

        var startedAt = _time.GetTimestamp();
        KeySetRead read;
        try
        {
            read = await _source.FetchAsync(_stop.Token);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // No source is to throw; should one do so all the same, the loop must go on.
            read = new KeySetRead(null, []);
        }

        var changed = false;
        if (read.Keys is not null)
        {
            var before = _current?.Keys;
            changed = before is null || !before.HasSameKeys(read.Keys);

            // Keys that stayed the same keep their objects: the framework caches verifiers by key object.
            _current = new FetchedKeys(changed ? read.Keys : before!, startedAt);
        }

        Interlocked.Increment(ref read.Keys is null ? ref _fetchesFailed : ref _fetchesOk);
        lock (_lock)
        {
            _problems = read.Problems;
        }

        if (changed)
        {
            _keysChanged();
        }

        EndFetch();
        return read.Keys is not null;
    }

    private void EndFetch()
    {
        TaskCompletionSource? done;
        lock (_lock)
        {
            done = _inFlight;
            _inFlight = null;
        }

        _firstAttempt.TrySetResult();
        done?.TrySetResult();
    }

    private async Task WaitAsync(TimeSpan delay)
    {
        Task wake;
        lock (_lock)
        {
            wake = _wake.Task;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(Task.Delay(delay, _time, enough.Token), wake);
        await enough.CancelAsync();
        _stop.Token.ThrowIfCancellationRequested();
    }

    private sealed record FetchedKeys(KeySet Keys, long At);
}
