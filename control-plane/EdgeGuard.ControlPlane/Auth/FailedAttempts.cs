using System.Threading.RateLimiting;

namespace EdgeGuard.ControlPlane.Auth;

/// <summary>Bounds how many requests without a valid credential one address may make: 120 a minute.</summary>
internal sealed class FailedAttempts : IDisposable
{
    private const int PerMinute = 120;

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(source =>
        RateLimitPartition.GetFixedWindowLimiter(source, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = PerMinute,
            Window = TimeSpan.FromMinutes(1),
            QueueLimit = 0,
        }));

    /// <summary>Counts one; false when the address has had its share.</summary>
    public bool TryCount(string source)
    {
        using var lease = _limiter.AttemptAcquire(source);
        return lease.IsAcquired;
    }

    /// <inheritdoc />
    public void Dispose() => _limiter.Dispose();
}
