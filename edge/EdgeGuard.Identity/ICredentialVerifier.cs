using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity;

/// <summary>Verifies credentials of one kind. Thread-safe.</summary>
internal interface ICredentialVerifier
{
    /// <summary>The kind; exactly one flag.</summary>
    CredentialKinds Kind { get; }

    /// <summary>Takes a bundle's sources into use, as a whole. Never fails for sources of a bundle that was accepted.</summary>
    void Use(IdentitySources sources);

    /// <summary>Verifies what a request presents, if anything. Never throws for bad input; completes synchronously for what is cached or cheap.</summary>
    ValueTask<Credential> VerifyAsync(IIncomingRequest request, CancellationToken cancellation);
}
