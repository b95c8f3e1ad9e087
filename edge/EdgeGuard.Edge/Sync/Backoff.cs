using System.Security.Cryptography;

namespace EdgeGuard.Edge.Sync;

/// <summary>
/// How long to wait before the next attempt: at once after the first failure, then exponentially with full jitter (a random time between
/// nothing and the bound), so that a thousand edges that lost one control plane do not come back together.
/// </summary>
internal sealed class Backoff
{
    /// <summary>Upper bound of a wait.</summary>
    public static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    /// <summary>Keeps the edges of a control plane that restarts apart, and is hardly noticed.</summary>
    private static readonly TimeSpan EndJitter = TimeSpan.FromMilliseconds(250);

    private readonly Func<double> _random;
    private int _failures;

    /// <summary>A schedule.</summary>
    /// <param name="random">A number from 0 up to 1; null for a random one.</param>
    public Backoff(Func<double>? random = null) => _random = random ?? Random;

    /// <summary>The wait after one more failure.</summary>
    /// <param name="isSlow">Somebody has to change something first: wait half of the cap to all of it.</param>
    /// <param name="atLeast">What the other side asked for, believed up to 5 minutes.</param>
    public TimeSpan Next(bool isSlow = false, TimeSpan? atLeast = null)
    {
        const int MaxDoublings = 7; // 500 ms times 2^7 is above the cap.
        _failures++;
        TimeSpan wait;
        if (_failures == 1)
        {
            wait = TimeSpan.Zero;
        }
        else if (isSlow)
        {
            wait = (Cap / 2) + (Cap / 2 * _random());
        }
        else
        {
            var bound = First * Math.Pow(2, Math.Min(_failures - 2, MaxDoublings));
            wait = (bound < Cap ? bound : Cap) * _random();
        }

        var asked = atLeast is { } least && least > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Min(least.Ticks, TimeSpan.FromMinutes(5).Ticks)) : TimeSpan.Zero;
        return wait > asked ? wait : asked;
    }

    /// <summary>
    /// The wait after the other side ended a session in good order, as one that restarts does: nearly at once after a session that had worked, and
    /// like any failure after one that had not.
    /// </summary>
    public TimeSpan AfterGoodEnd() => _failures == 0 ? Next() + (EndJitter * _random()) : Next();

    /// <summary>It works again.</summary>
    public void Reset() => _failures = 0;

    /// <summary>A random number from 0 up to 1, in steps of a millionth.</summary>
    public static double Random() => RandomNumberGenerator.GetInt32(1_000_000) / 1_000_000.0;
}
