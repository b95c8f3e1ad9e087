using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.ApiKeys;

/// <summary>
/// Verifies API keys, from <c>Authorization: Bearer</c> or <c>X-API-Key</c>. Nothing of a presented key is kept: SHA-256 of 57 bytes costs less than
/// a cache that would have to hold it. Does not allocate.
/// </summary>
internal sealed class ApiKeyVerifier(TimeProvider time, FailureLimiter failures) : ICredentialVerifier
{
    private const string Authorization = "Authorization";
    private const string ApiKey = "X-API-Key";
    private const string OriginHeader = "Origin";
    private const string Scheme = "Bearer";

    private static readonly ValueTask<Credential> NoKey = new(Credential.None(CredentialKinds.ApiKey));

    private static readonly FrozenDictionary<string, ValueTask<Credential>> Refusals = ApiKeyFailures.All.ToFrozenDictionary(
        failure => failure, failure => new ValueTask<Credential>(Credential.Refused(CredentialKinds.ApiKey, failure)), StringComparer.Ordinal);

    private readonly Lock _gate = new();
    private ImmutableArray<ApiKeyDefinition> _bundle = [];
    private ImmutableArray<ApiKeyDefinition> _pushed = [];
    private ApiKeyTable _table = ApiKeyTable.Empty;

    /// <inheritdoc />
    public CredentialKinds Kind => CredentialKinds.ApiKey;

    /// <inheritdoc />
    public void Use(IdentitySources sources)
    {
        lock (_gate)
        {
            if (!_bundle.SequenceEqual(sources.ApiKeys))
            {
                _bundle = sources.ApiKeys;
                Rebuild();
            }
        }
    }

    /// <summary>Takes the keys that were pushed into use, as a whole; those of the bundle stay.</summary>
    public void UsePushed(ImmutableArray<ApiKeyDefinition> keys)
    {
        lock (_gate)
        {
            _pushed = keys;
            Rebuild();
        }
    }

    /// <inheritdoc />
    public ValueTask<Credential> VerifyAsync(IIncomingRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var failure = Find(request, out var key);
        if (failure is null && key.IsEmpty)
        {
            return NoKey;
        }

        ApiKeyEntry? entry = null;
        if (failure is null && ApiKeyText.IsWellFormed(key))
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            ApiKeyText.Digest(key, digest);
            entry = Volatile.Read(ref _table).Find(digest);
            failure = entry is null ? ApiKeyFailures.UnknownKey : Check(entry, request);
        }
        else
        {
            failure ??= ApiKeyFailures.Malformed;
        }

        return failure is null ? entry!.Verified : Refuse(failure, key, request);
    }

    private ValueTask<Credential> Refuse(string failure, ReadOnlySpan<char> key, IIncomingRequest request)
    {
        // Where nobody asks for a key, a foreign one in its header is nobody's business.
        if ((request.Wanted & CredentialKinds.ApiKey) == CredentialKinds.None)
        {
            return NoKey;
        }

        // Charged and never asked: a look-up costs no more than asking, and 256 random bits are not found by trying. What does not even begin like a
        // key of ours may be somebody else's, and harmless.
        if ((failure is ApiKeyFailures.UnknownKey or ApiKeyFailures.Malformed) && ApiKeyText.LooksLikeKey(key))
        {
            failures.Charge(request.ClientAddress);
        }

        return Refusals[failure];
    }

    private static string? Find(IIncomingRequest request, out ReadOnlySpan<char> key)
    {
        key = default;
        if (request.CountOf(Authorization) > 1 || request.CountOf(ApiKey) > 1)
        {
            return ApiKeyFailures.Repeated;
        }

        var bearer = OfBearer(request.ValueOf(Authorization));
        var own = request.ValueOf(ApiKey).Trim(" \t");
        if (!bearer.IsEmpty && !own.IsEmpty)
        {
            return ApiKeyFailures.Repeated;
        }

        key = bearer.IsEmpty ? own : bearer;
        return null;
    }

    private static ReadOnlySpan<char> OfBearer(ReadOnlySpan<char> authorization)
    {
        var value = authorization.Trim(" \t");
        if (value.Length <= Scheme.Length || value[Scheme.Length] != ' ' || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        var credentials = value[Scheme.Length..].TrimStart(' ');
        return ApiKeyText.LooksLikeKey(credentials) ? credentials : default;
    }

    private string? Check(ApiKeyEntry entry, IIncomingRequest request)
    {
        var now = time.GetUtcNow().UtcTicks;
        if (now < entry.NotBefore)
        {
            return ApiKeyFailures.NotYetValid;
        }

        if (now >= entry.ExpiresAt)
        {
            return ApiKeyFailures.Expired;
        }

        var key = entry.Definition;
        var origin = request.ValueOf(OriginHeader);
        var origins = request.CountOf(OriginHeader);
        if (key.IsPublishable)
        {
            if (origins != 1 || !Holds(key.AllowedOrigins, origin))
            {
                return ApiKeyFailures.Origin;
            }
        }
        else if (origins > 0)
        {
            // Only browsers send it, and what a browser can send its user can read.
            return ApiKeyFailures.SecretInBrowser;
        }

        if (!key.AllowedMethods.IsEmpty && !Holds(key.AllowedMethods, request.Method))
        {
            return ApiKeyFailures.Method;
        }

        return key.AllowedPaths.IsEmpty || request.IsBelow(key.AllowedPaths) ? null : ApiKeyFailures.Path;
    }

    private static bool Holds(ImmutableArray<string> list, ReadOnlySpan<char> value)
    {
        foreach (var item in list)
        {
            if (value.SequenceEqual(item))
            {
                return true;
            }
        }

        return false;
    }

    // Pushed ones first: of two with one digest theirs is the newer word.
    private void Rebuild() => Volatile.Write(ref _table, new ApiKeyTable(_pushed.Concat(_bundle)));
}
