using System.Collections.Frozen;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Replays;

namespace EdgeGuard.Identity.Binding;

/// <summary>
/// Verifies tokens, and on every request that whoever presents one holds what it is bound to, whether the token is remembered or not. A token that names
/// a key or certificate is never taken without its proof, even of an issuer that demands none: it would be worth as much in a thief's hands.
/// </summary>
internal sealed class BoundTokenVerifier(
    TokenVerifier tokens, IdentityOptions options, FailureLimiter failures, DpopNonces nonces, TimeProvider time, int proofs = DpopCheck.DefaultCapacity)
    : ICredentialVerifier, IAsyncDisposable
{
    private const string Authorization = "Authorization";
    private const string DpopScheme = "DPoP ";
    private const string KeyClaim = "cnf.jkt";
    private const string CertificateClaim = "cnf.x5t#S256";

    private static readonly BindingDefinition Default = new() { Kinds = BindingKinds.Dpop | BindingKinds.Certificate, Required = false };
    private static readonly Demand NoDemand = new(Default, AgeLimit.Of(Default.DpopMaxAge));

    private readonly DpopCheck _dpop = new(time, nonces, proofs);
    private readonly AgeLimits _limits = new(time);
    private readonly Lock _lock = new();
    private FrozenDictionary<string, Demand> _demands = FrozenDictionary<string, Demand>.Empty;

    /// <inheritdoc />
    public CredentialKinds Kind => CredentialKinds.Jwt;

    /// <summary>How it stands with the proofs that are remembered.</summary>
    public ReplayStatus Replays => _dpop.Replays;

    /// <inheritdoc />
    public void Use(IdentitySources sources)
    {
        lock (_lock)
        {
            // Issuers without a binding take proofs, too.
            var issuers = sources.Issuers.DistinctBy(issuer => issuer.Id).Select(issuer => (issuer.Id, Definition: issuer.Binding ?? Default)).ToArray();
            var limits = _limits.Use(issuers.Select(issuer => (issuer.Id, issuer.Definition.DpopMaxAge)));

            // First, so that no token is taken by a new issuer without its binding.
            Volatile.Write(
                ref _demands,
                issuers.ToFrozenDictionary(issuer => issuer.Id, issuer => new Demand(issuer.Definition, limits[issuer.Id]), StringComparer.Ordinal));
            tokens.Use(sources);
        }
    }

    /// <inheritdoc />
    public ValueTask<Credential> VerifyAsync(IIncomingRequest request, CancellationToken cancellation)
    {
        var pending = tokens.VerifyAsync(request, cancellation);
        return pending.IsCompletedSuccessfully ? Check(pending.Result, request) : FinishAsync(pending, request);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => tokens.DisposeAsync();

    private async ValueTask<Credential> FinishAsync(ValueTask<Credential> pending, IIncomingRequest request) => await Check(await pending, request);

    private ValueTask<Credential> Check(Credential token, IIncomingRequest request)
    {
        // With verification off the gateway in front has checked this too.
        if (token.Outcome != CredentialOutcome.Verified || options.VerificationOff)
        {
            return new(token);
        }

        // Asked of the dictionaries themselves: through their interface each question takes twice as long.
        var demands = Volatile.Read(ref _demands);
        var demand = demands.Count > 0 && demands.TryGetValue(token.SourceId, out var own) ? own : NoDemand;
        _ = token.Values.TryGetValue(KeyClaim, out var key);
        _ = token.Values.TryGetValue(CertificateClaim, out var certificate);
        var isDpop = request.ValueOf(Authorization).TrimStart(" \t").StartsWith(DpopScheme, StringComparison.OrdinalIgnoreCase);
        if (ReferenceEquals(demand.Binding, Default) && key is null && certificate is null && !isDpop)
        {
            return new(token);
        }

        if (CheckKinds(token, request, demand.Binding, key, certificate, isDpop) is { } failure)
        {
            return new(Refuse(token, failure));
        }

        return key is null ? new(token) : new(CheckProofAsync(token, request, demand, key));
    }

    // What costs next to nothing. A proof of possession is looked at afterwards.
    private static string? CheckKinds(Credential token, IIncomingRequest request, BindingDefinition binding, string? key, string? certificate, bool isDpop)
    {
        // A token that is bound to a key under the scheme of bearer tokens is a downgrade; the other way round there is nothing to prove.
        if (isDpop != key is not null)
        {
            return isDpop ? TokenFailures.BindingInvalid : TokenFailures.BindingMissing;
        }

        if (certificate is not null)
        {
            if (request.ClientCertificate is not { } held)
            {
                return TokenFailures.BindingMissing;
            }

            if (!HolderHash.IsOf(certificate, held.RawDataMemory.Span))
            {
                return TokenFailures.BindingInvalid;
            }
        }

        var fingerprint = Accepts(binding, BindingKinds.Fingerprint) ? token.Values.GetValueOrDefault(binding.FingerprintClaim) : null;
        if (fingerprint is not null)
        {
            if (request.CountOf(binding.FingerprintHeader) != 1)
            {
                return request.CountOf(binding.FingerprintHeader) == 0 ? TokenFailures.BindingMissing : TokenFailures.BindingInvalid;
            }

            if (!HolderHash.IsOf(fingerprint, request.ValueOf(binding.FingerprintHeader).Trim(" \t")))
            {
                return TokenFailures.BindingInvalid;
            }
        }

        var isBound = (key is not null && Accepts(binding, BindingKinds.Dpop))
            || (certificate is not null && Accepts(binding, BindingKinds.Certificate))
            || fingerprint is not null;
        return isBound || !binding.Required ? null : TokenFailures.BindingMissing;
    }

    // HasFlag makes objects of both where it is not optimised.
    private static bool Accepts(BindingDefinition binding, BindingKinds kind) => (binding.Kinds & kind) != BindingKinds.None;

    private async Task<Credential> CheckProofAsync(Credential token, IIncomingRequest request, Demand demand, string key)
    {
        // As for a token's signature: the transport's thread serves other connections too.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (failures.IsExhausted(request.ClientAddress))
        {
            return Refuse(token, TokenFailures.TooManyFailures);
        }

        var value = request.FirstOf(Authorization)!.Trim(' ', '\t')[DpopScheme.Length..].TrimStart(' ');
        var failure = _dpop.Check(request, value, key, demand.Binding, demand.ProofAge);
        if (failure == TokenFailures.BindingInvalid)
        {
            failures.Charge(request.ClientAddress);
        }

        return failure is null ? token : Refuse(token, failure);
    }

    private Credential Refuse(Credential token, string failure)
    {
        tokens.Counters.CountRefused(failure);
        return token with { Outcome = CredentialOutcome.Invalid, Failure = failure };
    }

    /// <summary>What an issuer demands of who presents its tokens.</summary>
    private sealed record Demand(BindingDefinition Binding, AgeLimit ProofAge);
}
