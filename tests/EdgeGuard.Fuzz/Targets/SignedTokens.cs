using System.Collections.Immutable;
using System.Text;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>
/// Tokens and the public keys that go with them. Another library (jose for Node.js) signed them once, with keys that were thrown away: they are the same in
/// every run, so that a seed repeats a failure.
/// </summary>
internal static class SignedTokens
{
    public const string Issuer = "https://issuer.example";

    public const string Audience = "api";

    public const string Subject = "user-1";

    private const string RsaModulus =
        "3v73dEu6BuAzElYAq78P32fAYJeiUp3iQGv_CocdPLfrmpEngxUx4giGFE1-4oDqnqe_vshtPa8ExWQqxOOmkBJbjzg2mhaeWg-Qd7SkZAi0uEqgjZQdPfznDow5M6LcjUfMSU4axf-Z"
        + "JcnNeWTWMu4XmhwB1xs0jKPyQRKggL9jVG4SDHfKxd1fRO8RCbAGDD5aWQCrjNMRmBNq3CEz1xDqJD9pdFNtv1gBeERYAp6-Qfnd8JEa05c5J3AbomgeXf9vPkuHFjEoLspBSYl8DlbU"
        + "DKGIHCRTHYYNSSdda-8G0pWGCSCB8ChjRQzLKGsb8ESHIIX_XBdzQcqInTtyKQ";

    private const string RsaSignature =
        "Eqy-qemuAZG630fU2JBZTS0cz67tGuxJIhF5kVj37lFCa_AwuguJCXt07OMwuUUNrs_Yl-qnzV50wYQbJE8I60OBS5oXmCG2B6lO64A51aSo4M8PGvv9V7aiMFi64-E1PMKNZzGxyuUP"
        + "hDD3sSxcw8f5xrBteewrfxvO4DrOEKwucKHSn1GkDqVROiPvZyoeldqiOPXQSAlFF2jcnOVAuxVZMk3awP9XngoooXEuNna2It6C8Ei2qE5k_qWkQ911Kwf4dSsYBysHtqgVcVUsHycV"
        + "L0qiNhkHmEuypRMVeaNJLdO3tGundBpACAFxb8iupFW9LQqQGxXerrZOIo00BA";

    /// <summary>A second in which all of them are valid.</summary>
    public static DateTimeOffset Now { get; } = DateTimeOffset.UnixEpoch.AddYears(56).AddHours(1);

    /// <summary>One for each kind of key.</summary>
    public static ImmutableArray<SignedToken> All { get; } =
    [
        new("RS256", $"\"kty\":\"RSA\",\"n\":\"{RsaModulus}\",\"e\":\"AQAB\"", RsaSignature),
        new(
            "ES256",
            "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"JxtaqOSHgYxyCaC5NIFHFH18cyu8SyBP0urvmD6du64\",\"y\":\"aRws_BMjc_TIpwydYF3zs_Qgb3PICLvcgpoX_-dQZzQ\"",
            "ubrrDu3FV-q9NafBgposdStZOJc8ngulrKUQOQba-mu7ZqqLvIvrmi3j_z-PAlHU2vGct6ix1Cm_RdZMMj3oyA"),
        new(
            "EdDSA",
            "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"89_myInldzuJfGp7IsPQmuh2lFVrEQb8q9LtgfPNAsQ\"",
            "aDIQihQB9f_i_HWMCm0XTTkNJ1-4Kl_qu_l-eAJ_2fK2zgLn3MVEapdPgWxoMNGCIwEaj5G0sd05rxkp78IAAw"),
    ];

    /// <summary>A JWK set with the keys of all.</summary>
    public static byte[] KeySet { get; } = Encoding.UTF8.GetBytes($"{{\"keys\":[{string.Join(',', All.Select(token => token.Jwk))}]}}");
}
