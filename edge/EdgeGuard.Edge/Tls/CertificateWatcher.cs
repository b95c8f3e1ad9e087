using EdgeGuard.Edge.Proxy;

namespace EdgeGuard.Edge.Tls;

/// <summary>Follows the files of certificates. They are looked at, not watched, as the data files are: a mounted secret is changed by swapping a link.</summary>
internal sealed class CertificateWatcher(CertificateSet certificates, UpstreamCertificates upstreams, TimeProvider time) : BackgroundService
{
    /// <summary>Between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken);
            certificates.Look();
            upstreams.Look();
        }
    }
}
