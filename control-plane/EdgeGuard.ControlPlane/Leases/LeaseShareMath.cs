namespace EdgeGuard.ControlPlane.Leases;

/// <summary>Sums over shares. Of several of one holder that meet a window, the largest counts: an edge may use that one.</summary>
internal static class LeaseShareMath
{
    /// <summary>All shares in a window, millionths.</summary>
    public static long In(IReadOnlyList<LeaseShare> shares, long window) => Sum(shares, window, window, exceptHolder: null);

    /// <summary>The most that the shares of others come to in any window of a range; an upper bound, since each is taken as if it held in all of them.</summary>
    public static long OfOthers(IReadOnlyList<LeaseShare> shares, long first, long last, string holder) => Sum(shares, first, last, holder);

    /// <summary>A holder's own share in a window.</summary>
    public static int Own(IReadOnlyList<LeaseShare> shares, long window, string holder)
    {
        var most = 0;
        foreach (var share in shares)
        {
            if (share.Covers(window) && string.Equals(share.Holder, holder, StringComparison.Ordinal))
            {
                most = Math.Max(most, share.Ppm);
            }
        }

        return most;
    }

    private static long Sum(IReadOnlyList<LeaseShare> shares, long first, long last, string? exceptHolder)
    {
        var most = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var share in shares)
        {
            if (share.Overlaps(first, last) && !string.Equals(share.Holder, exceptHolder, StringComparison.Ordinal))
            {
                most[share.Holder] = Math.Max(most.GetValueOrDefault(share.Holder), share.Ppm);
            }
        }

        var sum = 0L;
        foreach (var ppm in most.Values)
        {
            sum += ppm;
        }

        return sum;
    }
}
