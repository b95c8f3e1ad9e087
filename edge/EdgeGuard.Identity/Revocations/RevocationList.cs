using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Revocations;

/// <summary>
/// What is revoked now: by the bundle, and by what a control plane pushed. One for the life of the edge; read without a lock, replaced as a whole.
/// </summary>
public sealed class RevocationList
{
    /// <summary>Failure word of a credential that is revoked.</summary>
    public const string Failure = "revoked";

    private readonly Lock _gate = new();
    private RevocationsDefinition _bundle = RevocationsDefinition.None;
    private RevocationsDefinition _pushed = RevocationsDefinition.None;
    private RevocationIndex _index = RevocationIndex.Empty;

    /// <summary>After a change is in force; on the thread that made it.</summary>
    public event EventHandler? Changed;

    /// <summary>Whether nothing is revoked.</summary>
    public bool IsEmpty => Volatile.Read(ref _index).IsEmpty;

    /// <summary>Revocations of the bundle.</summary>
    public RevocationsDefinition Bundle
    {
        get
        {
            lock (_gate)
            {
                return _bundle;
            }
        }
    }

    /// <summary>Revocations that were pushed.</summary>
    public RevocationsDefinition Pushed
    {
        get
        {
            lock (_gate)
            {
                return _pushed;
            }
        }
    }

    /// <summary>Whether a verified credential is void. Does not allocate.</summary>
    public bool Revokes(Credential credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return credential.Outcome == CredentialOutcome.Verified && Volatile.Read(ref _index).Revokes(credential);
    }

    /// <summary>Whether any of a caller's credentials of some kinds is void.</summary>
    public bool Revokes(in Caller caller, CredentialKinds kinds) =>
        !IsEmpty
        && (IsVoid(caller.Token, kinds) || IsVoid(caller.Key, kinds) || IsVoid(caller.Agent, kinds) || IsVoid(caller.Certificate, kinds));

    /// <summary>Takes the revocations of a bundle into use, as a whole.</summary>
    public void UseBundle(RevocationsDefinition revocations)
    {
        ArgumentNullException.ThrowIfNull(revocations);
        lock (_gate)
        {
            if (AreSame(_bundle, revocations))
            {
                return;
            }

            _bundle = revocations;
            Volatile.Write(ref _index, new RevocationIndex(_bundle, _pushed));
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Takes pushed revocations into use, as a whole; those of the bundle stay.</summary>
    public void UsePushed(RevocationsDefinition revocations)
    {
        ArgumentNullException.ThrowIfNull(revocations);
        lock (_gate)
        {
            if (AreSame(_pushed, revocations))
            {
                return;
            }

            _pushed = revocations;
            Volatile.Write(ref _index, new RevocationIndex(_bundle, _pushed));
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }

    private bool IsVoid(Credential? credential, CredentialKinds kinds) =>
        credential is not null && (credential.Kind & kinds) != CredentialKinds.None && Revokes(credential);

    private static bool AreSame(RevocationsDefinition one, RevocationsDefinition other) =>
        one.TokensValidAfter.SequenceEqual(other.TokensValidAfter) && one.TokenIds.SequenceEqual(other.TokenIds);
}
