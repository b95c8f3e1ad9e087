namespace EdgeGuard.Identity.Tests.Agents;

/// <summary>Public test keys of RFC 9421 appendix B.1.</summary>
internal static class Rfc9421Keys
{
    /// <summary>B.1.3, test-key-ecc-p256.</summary>
    public const string P256 = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
        w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
        -----END PUBLIC KEY-----
        """;

    /// <summary>B.1.4, test-key-ed25519.</summary>
    public const string Ed25519 = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
        -----END PUBLIC KEY-----
        """;

    /// <summary>The private part of <see cref="Ed25519"/>, as the RFC publishes it: its seed.</summary>
    public const string Ed25519Seed = "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU";

    /// <summary>B.1.5, test-shared-secret.</summary>
    public const string SharedSecret = "base64:uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
}
