using System.Collections.Frozen;
using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Keys;
using EdgeGuard.Identity.Tokens;

namespace EdgeGuard.Identity;

/// <summary>
/// Verifies bearer tokens against the issuers of the bundle in force, with key sets that are refreshed in the background. One for the life of
/// the edge; a new bundle's issuers are given to <see cref="UseIssuers"/> and key sets that stay the same are kept.
/// </summary>
public sealed class TokenVerifier : ICredentialVerifier, IAsyncDisposable
{
    private const string Authorization = "Authorization";

    private static readonly Credential NoToken = Credential.None(CredentialKinds.Jwt);

    private readonly FailureLimiter _failures;
    private readonly IdentityOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly List<Task> _disposals = [];
    private IssuerSet _issuers;
    private bool _disposed;

    /// <summary>A verifier without issuers.</summary>
    /// <param name="options">What the edge's options say.</param>
    /// <param name="http">Sends the requests for key sets; redirects are turned off in it. Not disposed.</param>
    /// <param name="time">Clock and timers.</param>
    public TokenVerifier(IdentityOptions options, HttpMessageHandler http, TimeProvider time)
        : this(options, http, time, new FailureLimiter(options.FailureBurst, options.FailuresPerSecond, time))
    {
    }

    /// <summary>A verifier that shares with others what it knows of clients whose credentials fail.</summary>
    internal TokenVerifier(IdentityOptions options, HttpMessageHandler http, TimeProvider time, FailureLimiter failures)
    {
        _failures = failures;
        _options = options;
        _http = new HttpMessageInvoker(RedirectPolicy.TurnOff(http), disposeHandler: false);
        _time = time;
        _issuers = new IssuerSet(FrozenDictionary<string, Issuer>.Empty, options.CacheEntries);
    }

    /// <inheritdoc />
    public CredentialKinds Kind => CredentialKinds.Jwt;

    /// <summary>What was counted since the start.</summary>
    public IdentityCounters Counters { get; } = new();

    /// <summary>How it stands with each issuer's keys, by issuer id.</summary>
    public ImmutableArray<IssuerStatus> GetStatus() =>
    [
        .. Volatile.Read(ref _issuers).ByName.Values.OrderBy(issuer => issuer.Definition.Id, StringComparer.Ordinal).Select(Describe),
    ];

    /// <summary>Takes a bundle's issuers into use. Key sets of unchanged issuers stay; new ones are fetched in the background.</summary>
    /// <param name="issuers">The issuers, references in them resolved. Of two with one <c>iss</c> the first counts.</param>
    public void UseIssuers(ImmutableArray<IssuerDefinition> issuers)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var before = _issuers.ByName;
            var after = new Dictionary<string, Issuer>(StringComparer.Ordinal);
            foreach (var definition in issuers)
            {
                if (!after.ContainsKey(definition.Issuer))
                {
                    var same = before.GetValueOrDefault(definition.Issuer);
                    var keys = same is not null && IssuerComparison.HaveSameKeySource(same.Definition, definition) ? same.Keys : Start(definition);
                    after.Add(definition.Issuer, new Issuer(definition, keys));
                }
            }

            if (IssuerComparison.AreSame(before, after))
            {
                return;
            }

            Volatile.Write(ref _issuers, new IssuerSet(after.ToFrozenDictionary(StringComparer.Ordinal), _options.CacheEntries));
            var kept = after.Values.Select(issuer => issuer.Keys).ToHashSet();
            _disposals.RemoveAll(task => task.IsCompleted);
            _disposals.AddRange(before.Values.Where(issuer => !kept.Contains(issuer.Keys)).Select(issuer => issuer.Keys.DisposeAsync().AsTask()));
        }
    }

    /// <inheritdoc />
    public void Use(IdentitySources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        UseIssuers(sources.Issuers);
    }

    /// <inheritdoc />
    public ValueTask<Credential> VerifyAsync(IIncomingRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.CountOf(Authorization) > 1
            ? new(Refuse(TokenFailures.Repeated, null))
            : VerifyAsync(request.ValueOf(Authorization), request, cancellation);
    }

    /// <summary>Verifies the value of an Authorization header; never throws for bad input. Completes synchronously for a cached token.</summary>
    /// <param name="authorization">The header's one value; null or empty when there is none.</param>
    /// <param name="cancellation">Ends a wait for keys early; the token then counts as not verified.</param>
    public ValueTask<Credential> VerifyAsync(string? authorization, CancellationToken cancellation) => VerifyAsync(authorization, null, cancellation);

    private ValueTask<Credential> VerifyAsync(ReadOnlySpan<char> authorization, IIncomingRequest? request, CancellationToken cancellation)
    {
        if (authorization.IsEmpty)
        {
            return new(NoToken);
        }

        var issuers = Volatile.Read(ref _issuers);
        if (Find(issuers, authorization) is { } known)
        {
            return new(Recall(known));
        }

        if (request is not null && (request.Wanted & CredentialKinds.Jwt) == CredentialKinds.None)
        {
            return new(NoToken);
        }

        if (!BearerHeader.TryGetToken(authorization, issuers.MaxToken, out var token, out var failure))
        {
            return new(failure is null ? NoToken : Refuse(failure, null));
        }

        // Text is made only of what may be a token and is no longer than one.
        _ = authorization.Overlaps(token, out var start);
        return VerifyNewAsync(new TokenAttempt(authorization.ToString(), start..(start + token.Length), issuers, request?.ClientAddress), cancellation);
    }

    private static CachedToken? Find(IssuerSet issuers, ReadOnlySpan<char> authorization) =>
        authorization.Length <= BearerHeader.LengthFor(issuers.MaxToken) && issuers.Cache.Find(authorization) is { IsUsable: true } known ? known : null;

    // The signature was valid; everything else is asked anew, because time passes.
    private Credential Recall(CachedToken known)
    {
        if (known.Issuer is { } issuer && ClaimRules.Check(known.Facts, issuer.Definition, _time.GetUtcNow()) is { } broken)
        {
            return Refuse(broken, known.Facts);
        }

        Counters.CountHit();
        return known.Result;
    }

    private ValueTask<Credential> VerifyNewAsync(TokenAttempt attempt, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        if (attempt.Issuers.Refused.Find(attempt.Token, now) is { } refusal)
        {
            Counters.CountRefused(refusal.Failure);
            return new(refusal);
        }

        var parsed = TokenParser.Parse(attempt.Token, requireSignature: !_options.VerificationOff);
        if (parsed.Failure is not null)
        {
            return new(Refuse(parsed.Failure, parsed.Facts));
        }

        if (_options.VerificationOff)
        {
            return new(Accept(attempt, parsed, null));
        }

        if (!attempt.Issuers.ByName.TryGetValue(parsed.Issuer, out var issuer))
        {
            return new(Refuse(TokenFailures.Issuer, parsed.Facts));
        }

        var broken = attempt.Token.Length > issuer.Definition.MaxTokenBytes ? TokenFailures.TooLarge : ClaimRules.Check(parsed.Facts, issuer.Definition, now);
        return broken is null ? new(CheckSignatureAsync(attempt, parsed, issuer, cancellation)) : new(Refuse(broken, parsed.Facts));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Task[] pending;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            pending = [.. _disposals, .. _issuers.ByName.Values.Select(issuer => issuer.Keys.DisposeAsync().AsTask())];
        }

        await Task.WhenAll(pending);
        _http.Dispose();
    }

    private async Task<Credential> CheckSignatureAsync(TokenAttempt attempt, ParsedToken parsed, Issuer issuer, CancellationToken cancellation)
    {
        // An RSA check takes some 30 microseconds, and the transport's thread serves other connections too.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (issuer.Keys.Usable is null)
        {
            await WaitAsync(issuer.Keys.FirstAttempt, cancellation);
        }

        if (issuer.Keys.Usable is not { } keys)
        {
            return Refuse(TokenFailures.KeysUnavailable, parsed.Facts);
        }

        var key = keys.Find(parsed.KeyId, parsed.Facts.Algorithm);
        if (key is null)
        {
            await WaitAsync(issuer.Keys.RefreshForUnknownKeyAsync(), cancellation);
            key = issuer.Keys.Usable?.Find(parsed.KeyId, parsed.Facts.Algorithm);
        }

        if (key is null)
        {
            return Refuse(TokenFailures.UnknownKey, parsed.Facts);
        }

        // As late as can be: of many at once, those that waited for the first ones to fail are not checked any more.
        if (_failures.IsExhausted(attempt.Client))
        {
            return Refuse(TokenFailures.TooManyFailures, parsed.Facts);
        }

        if (key.Verifies(parsed.Facts.Algorithm, parsed.SigningInput, parsed.Signature))
        {
            return Accept(attempt, parsed, issuer);
        }

        _failures.Charge(attempt.Client);
        var refusal = Refuse(TokenFailures.BadSignature, parsed.Facts);
        attempt.Issuers.Refused.Add(attempt.Token, refusal, _time.GetUtcNow());
        return refusal;
    }

    private static async Task WaitAsync(Task task, CancellationToken cancellation)
    {
        try
        {
            await task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // The caller has gone; what follows refuses.
        }
    }

    private Credential Accept(TokenAttempt attempt, ParsedToken parsed, Issuer? issuer)
    {
        var result = TokenCredential.Create(parsed.Facts, issuer?.Definition);
        attempt.Issuers.Cache.Add(new CachedToken(attempt.Authorization, parsed.Facts, result, issuer), _time.GetUtcNow());
        Counters.CountVerified();
        return result;
    }

    private Credential Refuse(string failure, TokenFacts? facts)
    {
        Counters.CountRefused(failure);
        return new Credential
        {
            Kind = CredentialKinds.Jwt,
            Outcome = failure == TokenFailures.KeysUnavailable ? CredentialOutcome.Unavailable : CredentialOutcome.Invalid,
            Values = facts?.Claims.Values ?? FrozenDictionary<string, string>.Empty,
            Failure = failure,
        };
    }

    private KeySetRefresher Start(IssuerDefinition definition) =>
        new(KeySetSources.Create(definition, _options, _http, _time), KeySetSources.StaleAfter(definition), _time, OnKeysChanged);

    private void OnKeysChanged()
    {
        lock (_lock)
        {
            Volatile.Write(ref _issuers, new IssuerSet(_issuers.ByName, _options.CacheEntries));
        }
    }

    private static IssuerStatus Describe(Issuer issuer)
    {
        var keys = issuer.Keys;
        var problems = keys.Problems;
        if (keys is { KeyCount: > 0, IsUsable: false })
        {
            problems = problems.Add(KeySetRead.Problem(
                IdentityCodes.KeysStale,
                issuer.Definition.Id,
                $"the keys were last fetched {(long)(keys.Age?.TotalSeconds ?? 0)} seconds ago, longer than stale_if_error allows; tokens cannot be verified",
                "bring the issuer's key set back"));
        }

        return new IssuerStatus(issuer.Definition.Id, keys.IsUsable, keys.KeyCount, keys.Age, keys.FetchesOk, keys.FetchesFailed, problems);
    }
}
