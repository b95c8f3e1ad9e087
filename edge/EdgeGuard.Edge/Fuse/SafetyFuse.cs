using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Telemetry;

namespace EdgeGuard.Edge.Fuse;

/// <summary>
/// Compares what a new bundle refuses with what the one before did, and says when it is far more. The comparison is of shares, in points, with the
/// same length of time under the bundle before; where that has seen too few requests, with all of its life in this process. Without enough requests on
/// either side nothing is said: a bundle that nobody uses proves nothing. Thread-safe.
/// </summary>
internal sealed class SafetyFuse(IDecisionRecorder recorder, TimeProvider time) : IMetricSource
{
    /// <summary>How often a sample of the bundle in force is kept: the time before is known to that much.</summary>
    public static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(10);

    /// <summary>An hour, the longest window.</summary>
    private const int MaxSamples = 361;

    private readonly Lock _gate = new();
    private readonly Queue<Sample> _samples = new();
    private Sample _activation = new(0, default);
    private Watch? _watch;
    private long _trips;

    /// <summary>Whether a bundle is being watched.</summary>
    public bool IsWatching
    {
        get
        {
            lock (_gate)
            {
                return _watch is not null;
            }
        }
    }

    /// <summary>Another bundle has come into force.</summary>
    /// <param name="digest">Its digest.</param>
    /// <param name="fuse">Its fuse, or null: then it is not watched.</param>
    /// <param name="hasBefore">Whether there is a bundle to go back to.</param>
    /// <returns>Whether it is watched.</returns>
    public bool Activated(string digest, FuseDefinition? fuse, bool hasBefore)
    {
        lock (_gate)
        {
            var now = Read();

            // A bundle that replaces one which is still watched is measured against what that was measured against: a second try of a bad
            // change must not find its own refusals to be the rule.
            var before = _watch?.Before ?? Before(now, fuse);
            _watch = fuse is not null && hasBefore && before.Decided >= fuse.MinRequests
                ? new Watch(digest, fuse, before, now)
                : null;
            _samples.Clear();
            _samples.Enqueue(now);
            _activation = now;
            return _watch is not null;
        }
    }

    /// <summary>The bundle before is in force again.</summary>
    public void Reverted()
    {
        lock (_gate)
        {
            _trips++;
            _watch = null;
            _samples.Clear();
            _activation = Read();
            _samples.Enqueue(_activation);
        }
    }

    /// <summary>Looks at the counts; once a second.</summary>
    /// <returns>Why the watched bundle is to be taken back, or null.</returns>
    public FuseTrip? Look()
    {
        lock (_gate)
        {
            if (_samples.TryPeek(out _) && time.GetElapsedTime(_samples.Last().At) >= SampleEvery)
            {
                _samples.Enqueue(Read());
                if (_samples.Count > MaxSamples)
                {
                    _samples.Dequeue();
                }
            }

            if (_watch is not { } watch)
            {
                return null;
            }

            var now = Read();
            var since = now.Reading.Since(watch.Start.Reading);
            if (since.Decided >= watch.Fuse.MinRequests && since.Percent - watch.Before.Percent >= watch.Fuse.MaxIncreasePercent)
            {
                return new FuseTrip(watch.Digest, watch.Before, since);
            }

            if (time.GetElapsedTime(watch.Start.At, now.At) >= watch.Fuse.Window)
            {
                _watch = null;
            }

            return null;
        }
    }

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        bool watching;
        long trips;
        lock (_gate)
        {
            (watching, trips) = (_watch is not null, _trips);
        }

        writer.Single("edgeguard_fuse_watching", "gauge", "1 while a new bundle is watched by its fuse.", watching ? 1 : 0);
        writer.Single("edgeguard_fuse_trips_total", "counter", "Bundles taken back because they refused too much.", trips);
    }

    private FuseReading Before(Sample now, FuseDefinition? fuse)
    {
        if (fuse is null || _samples.Count == 0)
        {
            return default;
        }

        // The latest sample that is old enough; the first one where none is.
        var from = _samples.Peek();
        foreach (var sample in _samples)
        {
            if (time.GetElapsedTime(sample.At, now.At) >= fuse.Window)
            {
                from = sample;
            }
        }

        var window = now.Reading.Since(from.Reading);
        return window.Decided >= fuse.MinRequests ? window : now.Reading.Since(_activation.Reading);
    }

    private Sample Read() => new(time.GetTimestamp(), FuseReading.Of(recorder.Totals()));

    private readonly record struct Sample(long At, FuseReading Reading);

    private sealed record Watch(string Digest, FuseDefinition Fuse, FuseReading Before, Sample Start);
}
