using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Agents;
using EdgeGuard.Identity.Replays;
using EdgeGuard.Identity.Signatures;

namespace EdgeGuard.Identity.Binding;

/// <summary>Checks that whoever presents a token holds the key that it is bound to (RFC 9449 sections 4.3 and 7). Thread-safe.</summary>
internal sealed class DpopCheck(TimeProvider time, DpopNonces nonces, int capacity = DpopCheck.DefaultCapacity)
{
    public const string Field = "DPoP";

    /// <summary>Some 50 MiB when full: 5 000 requests a second over the usual ninety seconds, a quarter of them with one key.</summary>
    public const int DefaultCapacity = 524_288;

    private readonly ReplayCache _replays = new(capacity, time);
    private readonly ProofKeys _keys = new();

    /// <summary>How it stands with the proofs that are remembered.</summary>
    public ReplayStatus Replays => _replays.StatusOf("dpop");

    /// <summary>The word of what is wrong, or null.</summary>
    /// <param name="request">The request with its proof.</param>
    /// <param name="token">The token as presented.</param>
    /// <param name="thumbprint">Thumbprint of the key that the token is bound to.</param>
    /// <param name="binding">What is demanded.</param>
    /// <param name="maxAge">How old a proof may be, by when it was made; null for what the binding says.</param>
    public string? Check(IIncomingRequest request, string token, string thumbprint, BindingDefinition binding, AgeLimit? maxAge = null)
    {
        maxAge ??= AgeLimit.Of(binding.DpopMaxAge);
        if (request.CountOf(Field) == 0)
        {
            return TokenFailures.BindingMissing;
        }

        if (request.CountOf(Field) > 1
            || RequestParts.Of(request) is not { } parts
            || DpopProof.Read(request.FirstOf(Field)!, _keys) is not { } proof
            || !IsFor(proof, parts, token, thumbprint)
            || SignatureTime.Check(proof.IssuedAt, null, maxAge, time.GetUtcNow().ToUnixTimeSeconds()) is not null
            || !proof.Key.Key.Verifies(proof.Key.Algorithm, proof.SigningInput, proof.Signature))
        {
            return TokenFailures.BindingInvalid;
        }

        _keys.Add(proof.Key);

        // After the signature: a nonce is given out to holders of keys only, and a stranger cannot use up an id.
        if (binding.DpopNonce && !nonces.IsValid(proof.Nonce))
        {
            return TokenFailures.DpopNonce;
        }

        var until = SignatureTime.RememberUntil(proof.IssuedAt, maxAge.For(proof.IssuedAt));
        return _replays.Add(thumbprint, "jti", Encoding.UTF8.GetBytes(proof.Id), until) switch
        {
            ReplayOutcome.First => null,
            ReplayOutcome.Replayed or ReplayOutcome.Late => TokenFailures.BindingInvalid,
            _ => TokenFailures.ReplaysFull,
        };
    }

    private static bool IsFor(DpopProof proof, RequestParts parts, string token, string thumbprint) =>
        proof.Method == parts.Method
        && ProofAddress.IsOf(proof.Address, parts)
        && proof.TokenHash == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)))
        && proof.Key.Thumbprint == thumbprint;
}
