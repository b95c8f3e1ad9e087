using System.Collections.Concurrent;

namespace EdgeGuard.Edge.Exchanges;

/// <summary>
/// A cancellation that also comes when another one does, kept for reuse while neither came: a linked source and its timer, made for each request, took a microsecond of each
/// forwarded one. Return it only when nobody can look at its token any more.
/// </summary>
internal sealed class StopSource : CancellationTokenSource
{
    /// <summary>Most sources kept: about 300 bytes each, so at most 300 KiB.</summary>
    private const int MaxKept = 1024;

    private static readonly ConcurrentQueue<StopSource> Kept = new();
    private static int _kept;

    private readonly bool _isReusable;
    private CancellationTokenRegistration _followed;

    private StopSource(TimeProvider time)
        : base(Timeout.InfiniteTimeSpan, time) => _isReusable = ReferenceEquals(time, TimeProvider.System);

    /// <summary>A source that is not cancelled, unless the other one is.</summary>
    /// <param name="time">What <see cref="CancellationTokenSource.CancelAfter(TimeSpan)"/> counts by; only sources of the machine's clock are kept.</param>
    /// <param name="isNew">Whether to make one, because something may look at its token for longer than can be told.</param>
    /// <param name="followed">The other one.</param>
    public static StopSource Rent(TimeProvider time, bool isNew, CancellationToken followed)
    {
        StopSource? source = null;
        if (!isNew && ReferenceEquals(time, TimeProvider.System) && Kept.TryDequeue(out source))
        {
            Interlocked.Decrement(ref _kept);
        }

        source ??= new StopSource(time);
        source._followed = followed.UnsafeRegister(static state => ((StopSource)state!).Cancel(), source);
        return source;
    }

    /// <summary>Gives it back: it follows nothing any more, and is kept unless it was cancelled.</summary>
    /// <param name="mayReuse">Whether nobody can look at its token any more.</param>
    public void Return(bool mayReuse = true)
    {
        // Waits for a cancellation that is just being passed on: none of it can come for the next one.
        _followed.Dispose();
        _followed = default;
        if (!mayReuse || !_isReusable || !TryReset())
        {
            Dispose();
        }
        else if (Interlocked.Increment(ref _kept) <= MaxKept)
        {
            Kept.Enqueue(this);
        }
        else
        {
            Interlocked.Decrement(ref _kept);
            Dispose();
        }
    }
}
