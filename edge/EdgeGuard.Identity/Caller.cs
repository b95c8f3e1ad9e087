using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity;

/// <summary>What is known of a request's caller: one credential of each kind, null when none was asked for or presented.</summary>
public readonly record struct Caller
{
    public Credential? Token { get; init; }

    public Credential? Key { get; init; }

    public Credential? Agent { get; init; }

    public Credential? Certificate { get; init; }

    /// <summary>The same with one credential more.</summary>
    public Caller With(Credential credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return credential.Kind switch
        {
            CredentialKinds.Jwt => this with { Token = credential },
            CredentialKinds.ApiKey => this with { Key = credential },
            CredentialKinds.Agent => this with { Agent = credential },
            _ => this with { Certificate = credential },
        };
    }
}
