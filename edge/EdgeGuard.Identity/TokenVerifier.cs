using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
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
    {
        _options = options;
        _http = new HttpMessageInvoker(RedirectPolicy.TurnOff(http), disposeHandler: false);
        _time = time;
        _issuers = new IssuerSet(FrozenDictionary<string, Issuer>.Empty, new TokenCache(options.CacheEntries));
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

            Volatile.Write(ref _issuers, new IssuerSet(after.ToFrozenDictionary(StringComparer.Ordinal), new TokenCache(_options.CacheEntries)));
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
            : VerifyAsync(request.FirstOf(Authorization), cancellation);
    }

    /// <summary>Verifies the value of an Authorization header; never throws for bad input. Completes synchronously for a cached token.</summary>
    /// <param name="authorization">The header's one value; null or empty when there is none.</param>
    /// <param name="cancellation">Ends a wait for keys early; the token then counts as not verified.</param>
    public ValueTask<Credential> VerifyAsync(string? authorization, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(authorization))
        {
            return new ValueTask<Credential>(NoToken);
        }

        var issuers = Volatile.Read(ref _issuers);
        var now = _time.GetUtcNow();
        if (authorization.Length <= BearerHeader.MaxLength && issuers.Cache.Find(authorization, now.UtcTicks) is { } cached)
        {
            Counters.CountHit();
            return new ValueTask<Credential>(cached);
        }

        if (!BearerHeader.TryGetToken(authorization, out var token, out var failure))
        {
            return new ValueTask<Credential>(failure is null ? NoToken : Refuse(failure, null));
        }

        var parsed = TokenParser.Parse(token, requireSignature: !_options.VerificationOff);
        if (parsed.Failure is not null)
        {
            return new ValueTask<Credential>(Refuse(parsed.Failure, parsed));
        }

        if (_options.VerificationOff)
        {
            return new ValueTask<Credential>(Accept(authorization, parsed, null, issuers.Cache, now));
        }

        if (!issuers.ByName.TryGetValue(parsed.Issuer, out var issuer))
        {
            return new ValueTask<Credential>(Refuse(TokenFailures.Issuer, parsed));
        }

        return ClaimRules.Check(parsed, issuer.Definition, now) is { } broken
            ? new ValueTask<Credential>(Refuse(broken, parsed))
            : new ValueTask<Credential>(CheckSignatureAsync(authorization, token, parsed, issuer, issuers.Cache, cancellation));
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

    private async Task<Credential> CheckSignatureAsync(
        string authorization, string token, ParsedToken parsed, Issuer issuer, TokenCache cache, CancellationToken cancellation)
    {
        // An RSA check takes some 30 microseconds, and the transport's thread serves other connections too.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (issuer.Keys.Usable is null)
        {
            await WaitAsync(issuer.Keys.FirstAttempt, cancellation);
        }

        if (issuer.Keys.Usable is not { } keys)
        {
            return Refuse(TokenFailures.KeysUnavailable, parsed);
        }

        var key = keys.Find(parsed.KeyId, parsed.Algorithm);
        if (key is null)
        {
            await WaitAsync(issuer.Keys.RefreshForUnknownKeyAsync(), cancellation);
            key = issuer.Keys.Usable?.Find(parsed.KeyId, parsed.Algorithm);
        }

        if (key is null)
        {
            return Refuse(TokenFailures.UnknownKey, parsed);
        }

        return await SignatureCheck.PassesAsync(token, parsed, issuer.Definition, key)
            ? Accept(authorization, parsed, issuer, cache, _time.GetUtcNow())
            : Refuse(TokenFailures.BadSignature, parsed);
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

    private Credential Accept(string authorization, ParsedToken parsed, Issuer? issuer, TokenCache cache, DateTimeOffset now)
    {
        var result = new Credential
        {
            Kind = CredentialKinds.Jwt,
            Outcome = CredentialOutcome.Verified,
            Values = parsed.Claims,
            SourceId = issuer?.Definition.Id ?? string.Empty,
        };
        var expiresAt = issuer is null
            ? long.MaxValue
            : DateTimeOffset.UnixEpoch.UtcTicks + (long)Math.Min(
                (parsed.ExpiresAt!.Value + issuer.Definition.ClockSkew.TotalSeconds) * TimeSpan.TicksPerSecond,
                long.MaxValue / 2d);
        cache.Add(authorization, new CachedToken(Encoding.ASCII.GetBytes(authorization), result, expiresAt, issuer?.Keys), now.UtcTicks);
        Counters.CountVerified();
        return result;
    }

    private Credential Refuse(string failure, ParsedToken? parsed)
    {
        Counters.CountRefused(failure);
        var outcome = failure == TokenFailures.KeysUnavailable ? CredentialOutcome.Unavailable : CredentialOutcome.Invalid;
        return new Credential
        {
            Kind = CredentialKinds.Jwt,
            Outcome = outcome,
            Values = parsed?.Claims ?? FrozenDictionary<string, string>.Empty,
            Failure = failure,
        };
    }

    private KeySetRefresher Start(IssuerDefinition definition) =>
        new(KeySetSources.Create(definition, _options, _http, _time), definition.StaleIfError, _time, OnKeysChanged);

    private void OnKeysChanged()
    {
        lock (_lock)
        {
            Volatile.Write(ref _issuers, _issuers with { Cache = new TokenCache(_options.CacheEntries) });
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
