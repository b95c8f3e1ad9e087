namespace EdgeGuard.Testing;

/// <summary>A list that many threads add to and that a test waits on. Keeps the newest million, so that nothing grows without end.</summary>
public sealed class Recorder<T>
{
    private const int MaxItems = 1_000_000;

    private readonly Lock _lock = new();
    private readonly List<T> _items = [];
    private readonly List<(Func<IReadOnlyList<T>, bool> Condition, TaskCompletionSource Reached)> _waiters = [];

    /// <summary>A copy of what has been recorded so far.</summary>
    public IReadOnlyList<T> Items
    {
        get
        {
            lock (_lock)
            {
                return [.. _items];
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _items.Count;
            }
        }
    }

    public void Add(T item)
    {
        lock (_lock)
        {
            if (_items.Count == MaxItems)
            {
                _items.RemoveRange(0, MaxItems / 2);
            }

            _items.Add(item);
            for (int i = _waiters.Count - 1; i >= 0; i--)
            {
                if (_waiters[i].Condition(_items))
                {
                    _waiters[i].Reached.TrySetResult();
                    _waiters.RemoveAt(i);
                }
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _items.Clear();
        }
    }

    /// <summary>Completes when at least so many items are there.</summary>
    public Task WaitForAsync(int count, TimeSpan? timeout = null) => WaitAsync(items => items.Count >= count, $"{count} items", timeout);

    /// <summary>Completes with the first item that fits.</summary>
    public async Task<T> WaitForAsync(Predicate<T> fits, string what = "a fitting item", TimeSpan? timeout = null)
    {
        await WaitAsync(items => items.Any(item => fits(item)), what, timeout);
        return Items.First(item => fits(item));
    }

    private Task WaitAsync(Func<IReadOnlyList<T>, bool> condition, string what, TimeSpan? timeout)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (condition(_items))
            {
                return Task.CompletedTask;
            }

            _waiters.Add((condition, reached));
        }

        return reached.Task.Within(what, timeout);
    }
}
