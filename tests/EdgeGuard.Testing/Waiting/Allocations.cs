using System.Runtime.ExceptionServices;

namespace EdgeGuard.Testing;

/// <summary>
/// How much a piece of code allocates, such that tests beside it do not disturb: on a thread of its own, after a round for warming up, and the
/// least of several rounds. A collection caused by another test charges a thread with the unused rest of its allocation buffer (up to 8 KiB).
/// </summary>
public static class Allocations
{
    /// <summary>Bytes that the cheapest round allocated.</summary>
    /// <param name="round">What is measured; often enough that what it allocates cannot hide.</param>
    /// <param name="prepare">Done before each round and not measured.</param>
    /// <param name="rounds">Rounds after the one for warming up.</param>
    public static long Least(Action round, Action? prepare = null, int rounds = 10)
    {
        ArgumentNullException.ThrowIfNull(round);
        var least = long.MaxValue;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                for (var i = 0; i <= rounds; i++)
                {
                    prepare?.Invoke();
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    round();
                    var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    least = i == 0 ? least : Math.Min(least, allocated);
                }
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return least;
    }
}
