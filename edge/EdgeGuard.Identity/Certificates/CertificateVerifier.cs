using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Structured;

namespace EdgeGuard.Identity.Certificates;

/// <summary>
/// Verifies client certificates against the authorities of one file: chain, validity, use for clients, names. Nothing is fetched: neither missing
/// intermediates nor lists of revoked certificates. The client has proved to the listener or to a trusted proxy that it holds the key.
/// </summary>
internal sealed class CertificateVerifier(TimeProvider time, FailureLimiter failures) : ICredentialVerifier, IAsyncDisposable
{
    private const string ChainField = "Client-Cert-Chain";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int MaxIntermediates = 8;
    private const int MaxRemembered = 4096;

    private static readonly Credential None = Credential.None(CredentialKinds.Certificate);
    private static readonly TimeSpan RememberedFor = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Sources? _sources;

    /// <inheritdoc />
    public CredentialKinds Kind => CredentialKinds.Certificate;

    /// <inheritdoc />
    public void Use(IdentitySources sources)
    {
        lock (_lock)
        {
            var before = _sources;
            var same = before?.Trust.Path == sources.Certificates?.TrustFile;
            Volatile.Write(
                ref _sources,
                sources.Certificates is { } definition ? new Sources(definition, same ? before!.Trust : new TrustFile(definition.TrustFile, time)) : null);
            if (!same)
            {
                before?.Trust.Dispose();
            }
        }
    }

    /// <inheritdoc />
    public ValueTask<Credential> VerifyAsync(IIncomingRequest request, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _sources) is not { } sources || request.ClientCertificate is not { } certificate || (request.Wanted & Kind) == CredentialKinds.None)
        {
            return new(None);
        }

        if (sources.Trust.Authorities is not { } authorities)
        {
            return new(Credential.Refused(Kind, CertificateFailures.TrustUnavailable) with { Outcome = CredentialOutcome.Unavailable });
        }

        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));
        var now = time.GetUtcNow();
        if (sources.Remembered.TryGetValue(fingerprint, out var known) && ReferenceEquals(known.Authorities, authorities) && now < known.Until)
        {
            return new(known.Credential);
        }

        // A chain takes signature checks, of certificates that anybody can make: whoever brings too many that lead nowhere is not looked at any more.
        if (failures.IsExhausted(request.ClientAddress))
        {
            return new(Credential.Refused(Kind, CertificateFailures.TooManyFailures));
        }

        var result = Verify(certificate, fingerprint, sources.Definition, authorities, IntermediatesOf(request), now);
        if (result.Failure == CertificateFailures.Untrusted)
        {
            failures.Charge(request.ClientAddress);
        }

        if (result.Outcome == CredentialOutcome.Verified)
        {
            if (sources.Remembered.Count >= MaxRemembered)
            {
                sources.Remembered.Clear();
            }

            var end = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
            sources.Remembered[fingerprint] = new Remembered(result, authorities, end < now + RememberedFor ? end : now + RememberedFor);
        }

        return new(result);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _sources?.Trust.Dispose();
            _sources = null;
        }

        return ValueTask.CompletedTask;
    }

    private Credential Verify(
        X509Certificate2 certificate,
        string fingerprint,
        ClientCertificatesDefinition definition,
        X509Certificate2Collection authorities,
        X509Certificate2Collection intermediates,
        DateTimeOffset now)
    {
        if (now.UtcDateTime < certificate.NotBefore.ToUniversalTime() || now.UtcDateTime >= certificate.NotAfter.ToUniversalTime())
        {
            return Credential.Refused(Kind, CertificateFailures.Expired);
        }

        if (!IsForClients(certificate))
        {
            return Credential.Refused(Kind, CertificateFailures.Usage);
        }

        if (!LeadsTo(authorities, certificate, intermediates, now))
        {
            return Credential.Refused(Kind, CertificateFailures.Untrusted);
        }

        var spiffe = CertificateNames.SpiffeOf(certificate, out var isMalformed);
        var subject = CertificateNames.SubjectOf(certificate);
        var isAccepted = !isMalformed
            && (definition.SpiffeDomains.IsEmpty || (spiffe is not null && definition.SpiffeDomains.Contains(CertificateNames.DomainOf(spiffe), StringComparer.Ordinal)))
            && (definition.Subjects.IsEmpty || (subject is not null && definition.Subjects.Contains(subject, StringComparer.Ordinal)));
        return isAccepted ? Describe(certificate, fingerprint, spiffe, subject) : Credential.Refused(Kind, CertificateFailures.Name);
    }

    private Credential Describe(X509Certificate2 certificate, string fingerprint, string? spiffe, string? subject)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["fingerprint"] = fingerprint };
        if (spiffe is not null)
        {
            values["spiffe"] = spiffe;
        }

        if (!string.IsNullOrEmpty(subject))
        {
            values["subject"] = subject;
        }

        return new Credential
        {
            Kind = Kind,
            Outcome = CredentialOutcome.Verified,
            Values = values.ToFrozenDictionary(StringComparer.Ordinal),
            IssuedAt = new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
            Subject = spiffe ?? subject,
        };
    }

    // A certificate without any named use is for every use to others; here it has to say that it is for clients, and must not be an authority itself.
    private static bool IsForClients(X509Certificate2 certificate)
    {
        var isForClients = false;
        foreach (var extension in certificate.Extensions)
        {
            if (extension is X509BasicConstraintsExtension { CertificateAuthority: true })
            {
                return false;
            }

            isForClients |= extension is X509EnhancedKeyUsageExtension uses && uses.EnhancedKeyUsages.Cast<Oid>().Any(use => use.Value == ClientAuthentication);
        }

        return isForClients;
    }

    private static bool LeadsTo(
        X509Certificate2Collection authorities, X509Certificate2 certificate, X509Certificate2Collection intermediates, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        policy.ExtraStore.AddRange(intermediates);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.UtcDateTime;
        policy.VerificationTimeIgnored = false;
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
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

    // Only ways to an authority: whoever adds one can make nothing valid that is not.
    private static X509Certificate2Collection IntermediatesOf(IIncomingRequest request)
    {
        var found = new X509Certificate2Collection();
        if (request.CombinedOf(ChainField) is not { } field || !StructuredFieldReader.TryReadList(field, out var members) || members.Count > MaxIntermediates)
        {
            return found;
        }

        foreach (var member in members)
        {
            if (member.Item is { Value: { Kind: BareKind.Bytes } value } && ClientCertificateField.Load(value.Bytes) is { } certificate)
            {
                found.Add(certificate);
            }
        }

        return found;
    }

    private sealed record Remembered(Credential Credential, X509Certificate2Collection Authorities, DateTimeOffset Until);

    private sealed record Sources(ClientCertificatesDefinition Definition, TrustFile Trust)
    {
        public ConcurrentDictionary<string, Remembered> Remembered { get; } = new(StringComparer.Ordinal);
    }
}
