namespace EdgeGuard.ControlPlane.Leases;

/// <summary>
/// Whether a holder that cannot prove its counters may go on. They may be a copy of yesterday's, and what was spent between a report and the loss is known to
/// nobody: numbers that are as high as the highest ever reported prove nothing as long as there was anything left to spend. So it may go on only where there was not:
/// no number is lower than what was seen, no share holds in a window that is not over, and of every key all that was given is reported as spent or returned.
/// </summary>
internal static class HolderCheck
{
    /// <summary>Whether everything the holder had is accounted for.</summary>
    public static async Task<bool> MayGoOnAsync(LeaseExchange exchange, CancellationToken cancellation)
    {
        var holder = exchange.Request.Holder;
        var since = exchange.Seconds - LeaseTimes.Grace;
        if ((await exchange.Store.SharesOfAsync(holder, since, cancellation)).Count > 0)
        {
            return false;
        }

        foreach (var hold in await exchange.Store.HoldsOfAsync(holder, since, cancellation))
        {
            if (hold.Extra > hold.Spent || !IsReported(exchange, hold))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsReported(LeaseExchange exchange, LeaseHold hold)
    {
        foreach (var report in exchange.Request.Reports)
        {
            if (report.Window == hold.Window && string.Equals(report.Key, hold.Key, StringComparison.Ordinal) &&
                string.Equals(report.Budget, hold.Budget, StringComparison.Ordinal))
            {
                return report.Spent >= hold.Spent && report.Granted >= hold.Seen && report.Returned >= hold.Returned;
            }
        }

        return false;
    }
}
