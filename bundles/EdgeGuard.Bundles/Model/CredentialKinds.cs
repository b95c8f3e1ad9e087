namespace EdgeGuard.Bundles.Model;

/// <summary>Kinds of credentials by which a caller proves who it is.</summary>
[Flags]
public enum CredentialKinds : byte
{
    None = 0,

    /// <summary>A JSON Web Token.</summary>
    Jwt = 1,

    /// <summary>An API key.</summary>
    ApiKey = 2,

    /// <summary>A registered agent's signature.</summary>
    Agent = 4,

    /// <summary>A client certificate.</summary>
    Certificate = 8,

    All = Jwt | ApiKey | Agent | Certificate,
}
