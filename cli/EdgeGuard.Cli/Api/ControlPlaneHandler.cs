using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGuard.Cli.Api;

/// <summary>The transport to a control plane: TLS always, and with a CA file that authority alone; name and dates are checked in any case.</summary>
internal static class ControlPlaneHandler
{
    public static SocketsHttpHandler Create(string? caPem, string place)
    {
        var handler = new SocketsHttpHandler
        {
            // A redirect could carry the token to another host, and a proxy is nothing that a control plane is behind.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
        if (caPem is not null)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // A private authority publishes no revocation list.
            };
            try
            {
                policy.CustomTrustStore.ImportFromPem(caPem);
            }
            catch (CryptographicException)
            {
                policy.CustomTrustStore.Clear();
            }

            if (policy.CustomTrustStore.Count == 0)
            {
                handler.Dispose();
                throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, place, "there is no PEM certificate in it",
                    "name the file with the certificate authority of the control plane");
            }

            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return handler;
    }
}
