using System.Runtime.ExceptionServices;

namespace EdgeGuard.Engine.Tests.Support;

/// <summary>The same work on several threads that begin together; the first failure is the storm's.</summary>
internal static class Storm
{
    public static void Run(int threads, Action<int> work)
    {
        ExceptionDispatchInfo? failure = null;
        using var barrier = new Barrier(threads);
        var running = new Thread[threads];
        for (var t = 0; t < threads; t++)
        {
            var thread = t;
            running[t] = new Thread(() =>
            {
                try
                {
                    barrier.SignalAndWait();
                    work(thread);
                }
                catch (Exception exception)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
                }
            });
            running[t].Start();
        }

        foreach (var thread in running)
        {
            thread.Join();
        }

        failure?.Throw();
    }
}
