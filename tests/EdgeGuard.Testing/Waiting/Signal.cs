namespace EdgeGuard.Testing;

/// <summary>Something that happens once and is waited for.</summary>
public sealed class Signal
{
    private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsSet => _source.Task.IsCompleted;

    /// <summary>May be called often; the first time counts.</summary>
    public void Set() => _source.TrySetResult();

    public Task WaitAsync(string what = "signal", TimeSpan? timeout = null) => _source.Task.Within(what, timeout);
}
