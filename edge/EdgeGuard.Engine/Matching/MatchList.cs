namespace EdgeGuard.Engine.Matching;

/// <summary>The policies that match one request. Reused: it grows as needed and is kept.</summary>
internal sealed class MatchList
{
    private int[] _policies = new int[8];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Policies => _policies.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(int policy)
    {
        if (Count == _policies.Length)
        {
            Array.Resize(ref _policies, Count * 2);
        }

        _policies[Count++] = policy;
    }
}
