using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Identity.Certificates;

namespace EdgeGuard.Edge.Tls;

/// <summary>
/// Authorities of a file, and what leads to them. Nothing is fetched: neither missing intermediates nor lists of revoked certificates.
/// </summary>
internal sealed class Authorities : IDisposable
{
    /// <summary>Extended key usage of clients.</summary>
    public const string ForClients = "1.3.6.1.5.5.7.3.2";

    /// <summary>Extended key usage of servers.</summary>
    public const string ForServers = "1.3.6.1.5.5.7.3.1";

    private readonly TrustFile _file;
    private readonly TimeProvider _time;
    private readonly string _usage;

    /// <summary>Reads the file, and again every few seconds.</summary>
    /// <param name="path">PEM file.</param>
    /// <param name="option">The option that names it, for a problem.</param>
    /// <param name="usage">What certificates must be for.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="StartException">It holds no authority (EG3231).</exception>
    public Authorities(string path, string option, string usage, TimeProvider time)
    {
        if (TrustFile.ProblemOf(path) is { } problem)
        {
            throw new StartException(ExitCode.Usage, [new Diagnostic(
                TlsCodes.AuthoritiesUnusable, Severity.Error, SourceLocation.None, option, $"`{path}` gives no authority: {problem}", "name a PEM file with certificates of authorities")]);
        }

        (_file, _time, _usage) = (new TrustFile(path, time), time, usage);
    }

    /// <summary>Whether a certificate leads to one of them now.</summary>
    /// <param name="certificate">Whose.</param>
    /// <param name="sent">What the peer sent with it.</param>
    public bool LeadsHere(X509Certificate2 certificate, X509Certificate2Collection? sent)
    {
        if (_file.Authorities is not { } authorities)
        {
            return false;
        }

        using var chain = new X509Chain { ChainPolicy = Offline() };
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(sent ?? []);
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(_usage));
        try
        {
            return chain.Build(certificate);
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            foreach (var element in chain.ChainElements)
            {
                element.Certificate.Dispose();
            }
        }
    }

    /// <summary>A policy that trusts nobody and fetches nothing: what the framework builds by it is not what is judged by.</summary>
    public static X509ChainPolicy Offline() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();
}
