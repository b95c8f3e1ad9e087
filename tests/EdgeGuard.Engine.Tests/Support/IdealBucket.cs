using System.Globalization;
using System.Numerics;

namespace EdgeGuard.Engine.Tests.Support;

/// <summary>
/// The bucket of the books: a level that refills continuously, in exact fractions, written without looking at the product's arithmetic.
/// </summary>
internal sealed class IdealBucket
{
    private readonly BigInteger _perNanosecond;
    private readonly BigInteger _perToken;
    private readonly BigInteger _burst;
    private BigInteger _level;
    private long _last;

    public IdealBucket(decimal rate, decimal burst)
    {
        // Everything in 10^-9 of a token a second, 10^-9 of a second: nine decimals for rates, bursts and costs.
        const long Billion = 1_000_000_000;
        _perNanosecond = new BigInteger(rate * Billion);
        _perToken = new BigInteger(Billion) * Billion;
        _burst = new BigInteger(burst * Billion) * Billion;
        _level = _burst;
    }

    public long Remaining(long nanoseconds) => (long)(LevelAt(nanoseconds) / _perToken);

    public bool CanTake(decimal cost, long nanoseconds) => LevelAt(nanoseconds) >= CostOf(cost);

    /// <summary>Takes even what is not there; the level then is negative.</summary>
    public BigInteger Take(decimal cost, long nanoseconds)
    {
        _level = LevelAt(nanoseconds) - CostOf(cost);
        _last = nanoseconds;
        return _level;
    }

    public override string ToString() => _level.ToString(CultureInfo.InvariantCulture);

    private static BigInteger CostOf(decimal cost) => new BigInteger(cost * 1_000_000_000) * 1_000_000_000;

    private BigInteger LevelAt(long nanoseconds)
    {
        var level = _level + (_perNanosecond * (nanoseconds - _last));
        return BigInteger.Min(_burst, level);
    }
}
