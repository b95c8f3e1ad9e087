using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Options;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using ListenOptions = Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions;

namespace EdgeGuard.Edge.Tls;

/// <summary>
/// Speaks TLS on listeners: TLS 1.2 with forward secrecy and authenticated encryption only, and 1.3. Every handshake takes the certificate in force
/// then; connections that stand are not touched when it changes.
/// </summary>
internal sealed class TlsDoors : IDisposable
{
    // RFC 9325 section 4.2: ephemeral keys and AEAD; for TLS 1.3 the three that RFC 8446 section 9.1 names, without CCM.
    private static readonly TlsCipherSuite[] Suites =
    [
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

#pragma warning disable CA1416 // The edge runs on Linux and, for development, on macOS.
    private static readonly CipherSuitesPolicy? Policy = OperatingSystem.IsWindows() ? null : new CipherSuitesPolicy(Suites);
#pragma warning restore CA1416

    private readonly CertificateSet _certificates;
    private readonly TlsOptions _options;
    private readonly Authorities? _clients;
    private readonly Authorities? _gateways;

    /// <summary>Reads the authorities of clients.</summary>
    /// <exception cref="StartException">A file holds none (EG3231).</exception>
    public TlsDoors(CertificateSet certificates, EdgeOptions options, TimeProvider time)
    {
        (_certificates, _options) = (certificates, options.Tls);
        _clients = options.Tls.ClientTrustFile.Length == 0 ? null : new Authorities(options.Tls.ClientTrustFile, "tls.client_trust_file", Authorities.ForClients, time);
        _gateways = options.Tls.DecisionTrustFile.Length == 0
            ? null
            : new Authorities(options.Tls.DecisionTrustFile, "decision.client_trust_file", Authorities.ForClients, time);
    }

    /// <summary>Makes a listener one with TLS.</summary>
    public void Use(ListenOptions listen, DoorTag door)
    {
        var (asks, requires, authorities) = ReferenceEquals(door, DoorTag.DecisionTls)
            ? (_gateways is not null, _gateways is not null, _gateways)
            : (_options.ClientCertificates != "off", _options.ClientCertificates == "required", _clients);
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = context =>
            {
                var certificate = _certificates.Choose(context.ClientHelloInfo.ServerName)
                    ?? throw new AuthenticationException("No certificate is for the name that the client asks for.");
                return ValueTask.FromResult(OptionsOf(certificate, asks, requires, authorities));
            },
        });
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _clients?.Dispose();
        _gateways?.Dispose();
    }

    private SslServerAuthenticationOptions OptionsOf(ServerCertificate certificate, bool asks, bool requires, Authorities? authorities)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Context,
            EnabledSslProtocols = _options.Only13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
            CipherSuitesPolicy = Policy,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            AllowRenegotiation = false,
        };
        if (asks)
        {
            options.ClientCertificateRequired = true;
            options.CertificateChainPolicy = Authorities.Offline();

            // A resumed session brings the certificate of an earlier handshake: authorities that have gone since would still count.
            options.AllowTlsResume = false;
            options.RemoteCertificateValidationCallback = (_, presented, chain, _) => presented is null
                ? !requires
                : authorities is null || (presented is X509Certificate2 full && authorities.LeadsHere(full, chain?.ChainPolicy.ExtraStore));
        }

        return options;
    }
}
