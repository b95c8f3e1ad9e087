using System.Collections.Frozen;
using System.Numerics;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Facts;

/// <summary>What is known of a request's credentials, one of each kind. Reused from request to request; nothing in it is copied.</summary>
public sealed class CallerFacts
{
    private const int Kinds = 4;

    private readonly Entry[] _entries = new Entry[Kinds];
    private bool _isUsed;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        if (_isUsed)
        {
            _entries.AsSpan().Clear();
            Unavailable = CredentialKinds.None;
            _isUsed = false;
        }
    }

    /// <summary>Tells of one credential.</summary>
    /// <param name="kind">Exactly one kind.</param>
    /// <param name="state">What is known of it.</param>
    /// <param name="source">Id of the issuer, key or agent that it was verified by.</param>
    /// <param name="scopes">What it may do.</param>
    public void Set(CredentialKinds kind, CredentialState state, string source, FrozenSet<string> scopes)
    {
        _entries[IndexOf(kind)] = new Entry(state, source, scopes);
        _isUsed = true;
    }

    /// <summary>Kinds of which a credential was presented that could not be checked, because no key to check it with could be had.</summary>
    public CredentialKinds Unavailable { get; private set; }

    /// <summary>Tells that the credential of one kind could not be checked; to be called beside <see cref="Set"/>.</summary>
    public void MarkUnavailable(CredentialKinds kind)
    {
        Unavailable |= kind;
        _isUsed = true;
    }

    /// <summary>What is known of the credential of one kind.</summary>
    public CredentialState StateOf(CredentialKinds kind) => _entries[IndexOf(kind)].State;

    /// <summary>Id of what verified it; empty when nothing did.</summary>
    public string SourceOf(CredentialKinds kind) => _entries[IndexOf(kind)].Source ?? string.Empty;

    /// <summary>Whether a credential may do something.</summary>
    public bool HasScope(CredentialKinds kind, string scope) => _entries[IndexOf(kind)].Scopes is { } scopes && scopes.Contains(scope);

    private static int IndexOf(CredentialKinds kind) => BitOperations.TrailingZeroCount((uint)kind);

    private readonly record struct Entry(CredentialState State, string? Source, FrozenSet<string>? Scopes);
}
