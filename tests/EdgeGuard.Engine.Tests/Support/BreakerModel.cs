using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Tests.Support;

/// <summary>A circuit breaker as the documentation describes it: a list of what was spent, and a state.</summary>
internal sealed class BreakerModel(CircuitBreakerDefinition definition)
{
    private const long Minute = 60_000;

    private readonly Dictionary<long, ulong> _spent = [];
    private readonly long _autoReset = (long)definition.AutoReset.TotalMilliseconds;
    private BreakerState _state;
    private long _since;
    private long _minute;
    private int _let;
    private int _done;

    public int Opened { get; private set; }

    public BreakerPhase Spend(long now, ulong cost)
    {
        var probe = false;
        if (_state == BreakerState.Open)
        {
            if (_autoReset == 0 || now < _since + _autoReset)
            {
                return BreakerPhase.Refuse;
            }

            (_state, _since, _let, _done) = (BreakerState.HalfOpen, now, 0, 0);
            _spent.Clear();
            probe = true;
        }

        if (_state == BreakerState.HalfOpen)
        {
            if (now >= _since + Minute)
            {
                _state = BreakerState.Closed;
            }
            else if (_let >= definition.HalfOpenRequests)
            {
                return BreakerPhase.Refuse;
            }

            probe = _state == BreakerState.HalfOpen;
        }

        _minute = now / Minute;
        var left = Minute - (now % Minute);
        var before = _spent.GetValueOrDefault(_minute - 1) * WindowLimit.UnitsPerToken;
        var carried = (ulong)((UInt128)before * (ulong)left / Minute);
        var rate = carried + ((_spent.GetValueOrDefault(_minute) + cost) * WindowLimit.UnitsPerToken);
        if (rate >= (ulong)(definition.ThresholdPerMinute * WindowLimit.UnitsPerToken))
        {
            (_state, _since) = (BreakerState.Open, now);
            Opened++;
            return BreakerPhase.Trip;
        }

        _spent[_minute] = _spent.GetValueOrDefault(_minute) + cost;
        _let += probe ? 1 : 0;
        return probe ? BreakerPhase.Probe : BreakerPhase.Pass;
    }

    public void Complete(long now)
    {
        if (_state == BreakerState.HalfOpen && now < _since + Minute && ++_done >= definition.HalfOpenRequests)
        {
            _state = BreakerState.Closed;
        }
    }

    public void GiveBack(ulong cost) => _spent[_minute] -= cost;

    public void Reset(long now)
    {
        if (_state != BreakerState.Closed && _since <= now)
        {
            _state = BreakerState.Closed;
            _spent.Clear();
        }
    }
}
