using System.Runtime.CompilerServices;

namespace EdgeGuard.Testing;

/// <summary>
/// Waiting for what another process or thread does, where no signal can be had from it. The time-out is generous because tests
/// share slow machines; it is only ever reached by a test that fails.
/// </summary>
public static class Eventually
{
    public static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    /// <summary>For what counts its callers, such as the control plane's management API.</summary>
    public static readonly TimeSpan Unhurried = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks again and again until the condition holds.</summary>
    public static Task TrueAsync(
        Func<bool> condition, TimeSpan? timeout = null, [CallerArgumentExpression(nameof(condition))] string what = "")
        => TrueAsync(() => Task.FromResult(condition()), timeout, what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, TimeSpan?, string)" />
    public static async Task TrueAsync(
        Func<Task<bool>> condition,
        TimeSpan? timeout = null,
        [CallerArgumentExpression(nameof(condition))] string what = "",
        TimeSpan? interval = null)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > (timeout ?? Generous))
            {
                throw new TimeoutException($"not within {(timeout ?? Generous).TotalSeconds:0} s: {what}");
            }

            await Task.Delay(interval ?? Interval, TimeProvider.System);
        }
    }

    /// <summary>The task, or a <see cref="TimeoutException"/> that says what was waited for.</summary>
    public static async Task Within(this Task task, string what, TimeSpan? timeout = null)
    {
        try
        {
            await task.WaitAsync(timeout ?? Generous, TimeProvider.System);
        }
        catch (TimeoutException problem)
        {
            throw new TimeoutException($"not within {(timeout ?? Generous).TotalSeconds:0} s: {what}", problem);
        }
    }

    /// <inheritdoc cref="Within(Task, string, TimeSpan?)" />
    public static async Task<T> Within<T>(this Task<T> task, string what, TimeSpan? timeout = null)
    {
        await ((Task)task).Within(what, timeout);
        return await task;
    }
}
