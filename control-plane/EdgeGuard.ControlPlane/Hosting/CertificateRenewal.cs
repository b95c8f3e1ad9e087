using System.Security.Cryptography;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>Looks every hour whether there is a newer certificate, so that one that ends never needs a restart.</summary>
internal sealed class CertificateRenewal(ServerCertificates certificates, TimeProvider time, ILogger<CertificateRenewal> log) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (certificates.Refresh())
                {
                    ControlPlaneLog.CertificateRenewed(log, new DateTimeOffset(certificates.Current.NotAfter));
                }
            }
            catch (Exception error) when (error is ControlPlaneException or IOException or CryptographicException)
            {
                ControlPlaneLog.RenewalFailed(log, error);
            }
        }
    }
}
