using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Adaptive;

/// <summary>
/// How many requests an upstream bears, found by latency: the limit is multiplied by how much slower requests are than the upstream's best
/// (times a tolerance), plus a queue of the square root of the limit, as in the gradient limiters of Netflix (concurrency-limits, Gradient2,
/// 2018) that follow TCP Vegas (Brakmo and Peterson, 1995). What is different: the best latency is not a long average, which creeps up with the
/// queue that the limiter itself allows, but is measured again and again with less in flight, as BBR does (Cardwell and others, "BBR:
/// congestion-based congestion control", 2016, ProbeRTT). Not thread-safe.
/// </summary>
internal sealed class AdaptiveGradient
{
    /// <summary>Share of a step that is taken; the rest stays, so that one odd window moves little.</summary>
    private const double Smoothing = 0.2;

    /// <summary>Most that a limit shrinks toward in one window, by latency and after failures.</summary>
    private const double SteepestGradient = 0.5;
    private const double DropFactor = 0.9;

    /// <summary>How much of a lower latency is believed at once: a window of nothing but quick errors must not become the standard.</summary>
    private const double Improvement = 0.3;

    /// <summary>Windows between two measurements of the best latency.</summary>
    private const int ProbeEvery = 50;

    private double _limit;
    private double _best;
    private double _tolerance;
    private int _minimum;
    private int _maximum;
    private int _sinceProbe;
    private bool _probing;

    public AdaptiveGradient(AdaptiveConcurrencyDefinition definition)
    {
        _limit = definition.InitialLimit;
        Configure(definition);
    }

    /// <summary>How many may be in flight now: less while the best latency is measured.</summary>
    public int Limit => (int)Math.Max(_minimum, _probing ? _limit / (_tolerance + 0.5) : _limit);

    /// <summary>Whether the best latency is to be measured with less in flight.</summary>
    public bool IsProbing => _probing;

    /// <summary>Best latency of the upstream, in nanoseconds; 0 before it is known.</summary>
    public double BestNanoseconds => _best;

    /// <summary>Takes other numbers and keeps what was learnt.</summary>
    public void Configure(AdaptiveConcurrencyDefinition definition)
    {
        _minimum = definition.MinLimit;
        _maximum = definition.MaxLimit;
        _tolerance = definition.LatencyTolerance;
        _limit = Math.Clamp(_limit, _minimum, _maximum);
    }

    /// <summary>Learns from what was seen.</summary>
    public void Learn(in AdaptiveWindow window)
    {
        if (window.Dropped)
        {
            _limit = Math.Max(_minimum, _limit * DropFactor);
            _probing = false;
            return;
        }

        if (window.Samples == 0)
        {
            _probing = false;
            return;
        }

        var latency = window.MeanNanoseconds;
        if (_best == 0 || _probing)
        {
            _best = latency;
            _probing = false;
            _sinceProbe = 0;
            return;
        }

        if (latency < _best)
        {
            _best += (latency - _best) * Improvement;
        }

        if (++_sinceProbe >= ProbeEvery)
        {
            _probing = true;
        }

        // A limit that nobody comes near says nothing about the upstream.
        if (!window.Shed && window.MostInFlight * 2 < _limit)
        {
            return;
        }

        var gradient = Math.Clamp(_tolerance * _best / latency, SteepestGradient, 1);
        var target = (_limit * gradient) + Math.Sqrt(_limit);
        _limit = Math.Clamp((_limit * (1 - Smoothing)) + (target * Smoothing), _minimum, _maximum);
    }
}
