using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Agents;
using EdgeGuard.Identity.ApiKeys;
using EdgeGuard.Identity.Binding;
using EdgeGuard.Identity.Certificates;
using EdgeGuard.Identity.Keys;
using EdgeGuard.Identity.Replays;
using EdgeGuard.Identity.Revocations;
using EdgeGuard.Identity.Webhooks;

namespace EdgeGuard.Identity;

/// <summary>Verifies every credential that a request presents. One for the life of the edge; a new bundle's sources are given to <see cref="Use"/>.</summary>
public sealed class CallerVerifier : IAsyncDisposable
{
    private readonly ImmutableArray<ICredentialVerifier> _verifiers;
    private readonly ApiKeyVerifier _keys;
    private readonly BoundTokenVerifier _bound;
    private readonly AgentVerifier _agents;
    private readonly DpopNonces _nonces;

    /// <summary>A verifier without sources.</summary>
    /// <param name="options">What the edge's options say.</param>
    /// <param name="http">Sends the requests for key sets; redirects are turned off in it. Not disposed.</param>
    /// <param name="time">Clock and timers.</param>
    /// <param name="revocations">What is revoked; null for a list of its own.</param>
    public CallerVerifier(IdentityOptions options, HttpMessageHandler http, TimeProvider time, RevocationList? revocations = null)
    {
        var failures = new FailureLimiter(options.FailureBurst, options.FailuresPerSecond, time);
        Failures = failures;
        Tokens = new TokenVerifier(options, http, time, failures);
        _keys = new ApiKeyVerifier(time, failures);
        Revocations = revocations ?? new RevocationList();
        Webhooks = new WebhookVerifier(time, failures);
        _nonces = new DpopNonces(time);
        _agents = new AgentVerifier(options, new HttpMessageInvoker(RedirectPolicy.TurnOff(http), disposeHandler: false), time, failures);
        _bound = new BoundTokenVerifier(Tokens, options, failures, _nonces, time);
        _verifiers = [_bound, _keys, _agents, new CertificateVerifier(time, failures)];
    }

    /// <summary>The nonce that a DPoP proof has to hold now, where an issuer demands one: for the header <c>DPoP-Nonce</c> of a refusal.</summary>
    public string DpopNonce => _nonces.Current;

    /// <summary>Verifies tokens; for status and metrics.</summary>
    public TokenVerifier Tokens { get; }

    /// <summary>Verifies deliveries of webhooks.</summary>
    public WebhookVerifier Webhooks { get; }

    /// <summary>What is revoked: looked at for every request, whatever is cached.</summary>
    public RevocationList Revocations { get; }

    /// <summary>Credentials that were not looked at, because too many of their client's had failed.</summary>
    public long RefusedUnchecked => Failures.Refused;

    /// <summary>How it stands with the keys that agents publish, by agent id.</summary>
    public ImmutableArray<AgentDirectoryStatus> AgentDirectories => _agents.GetStatus();

    /// <summary>How it stands with what is remembered so that it does not pass twice.</summary>
    public ImmutableArray<ReplayStatus> Replays => [_agents.Replays, _bound.Replays];

    /// <summary>What is known of clients whose credentials fail; shared by the verifiers of all kinds.</summary>
    internal FailureLimiter Failures { get; }

    /// <summary>Takes a bundle's sources into use.</summary>
    public void Use(IdentitySources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);

        // First, so that no key is accepted between the two that the same bundle revokes.
        Revocations.UseBundle(sources.Revocations);
        Webhooks.Use(sources.Webhooks);
        foreach (var verifier in _verifiers)
        {
            verifier.Use(sources);
        }
    }

    /// <summary>Takes the API keys that a control plane pushed into use, as a whole; those of the bundle stay.</summary>
    public void UsePushedKeys(ImmutableArray<ApiKeyDefinition> keys) => _keys.UsePushed(keys);

    /// <summary>Verifies what a request presents; never throws for bad input. Completes synchronously when all of it is cached or cheap.</summary>
    /// <param name="request">The request.</param>
    /// <param name="wanted">Kinds that anybody asks for; others are not looked at.</param>
    /// <param name="cancellation">Ends a wait early; what was waited for then counts as not verified.</param>
    public ValueTask<Caller> VerifyAsync(IIncomingRequest request, CredentialKinds wanted, CancellationToken cancellation)
    {
        var caller = default(Caller);
        for (var i = 0; i < _verifiers.Length; i++)
        {
            if ((wanted & _verifiers[i].Kind) == CredentialKinds.None)
            {
                continue;
            }

            var pending = _verifiers[i].VerifyAsync(request, cancellation);
            if (!pending.IsCompletedSuccessfully)
            {
                return FinishAsync(caller, pending, i + 1, request, wanted, cancellation);
            }

            caller = caller.With(Checked(pending.Result));
        }

        return new(caller);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var verifier in _verifiers)
        {
            if (verifier is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }
        }
    }

    // What it says stays, for kill switches only.
    private Credential Checked(Credential credential) => Revocations.Revokes(credential)
        ? credential with { Outcome = CredentialOutcome.Invalid, Failure = RevocationList.Failure }
        : credential;

    private async ValueTask<Caller> FinishAsync(
        Caller caller, ValueTask<Credential> pending, int next, IIncomingRequest request, CredentialKinds wanted, CancellationToken cancellation)
    {
        caller = caller.With(Checked(await pending));
        for (var i = next; i < _verifiers.Length; i++)
        {
            if ((wanted & _verifiers[i].Kind) != CredentialKinds.None)
            {
                caller = caller.With(Checked(await _verifiers[i].VerifyAsync(request, cancellation)));
            }
        }

        return caller;
    }
}
