using System.Text.Json.Nodes;

namespace EdgeGuard.Testing.Attacks;

/// <summary>Keys from the token instead of the issuer, and ids that are no ids (RFC 8725 sections 3.8 to 3.10).</summary>
internal static class KeyAttacks
{
    private static readonly string[] Ids =
    [
        "", "rsa-2", "RSA-1", "rsa-1 ", " rsa-1", "rsa-1\u0000", "rsa\u20101", "../../rsa-1", "/dev/null", "file:///etc/passwd", "rsa-1' OR '1'='1",
        "x' UNION SELECT 'secret'--", "$(id)", "`id`;", "rsa-1|id", "http://attacker.example/key", "*", "%00", "${env:HOME}", "0", "ec-1",
    ];

    public static IEnumerable<TokenAttack> All =>
    [
        .. ((string[])["jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "keys", "url"]).Select(member =>
            new TokenAttack($"key of the token's own in {member}, known kid", "bad_signature", scene => scene.Forged(With(scene, member, "rsa-1")))),
        .. ((string[])["jwk", "jku", "x5u", "x5c"]).Select(member =>
            new TokenAttack($"key of the token's own in {member}, kid of its own", "unknown_key", scene => scene.Forged(With(scene, member, "evil")))),
        new("symmetric jwk in the header", "bad_signature", scene => scene.Forged(new JsonObject
        {
            ["alg"] = "RS256", ["kid"] = "rsa-1", ["jwk"] = new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" },
        })),
        .. Ids.Select(id => new TokenAttack($"kid '{Printable(id)}'", "unknown_key", scene => scene.Main.Key("rsa-1").Sign(Header(id), scene.Claims()))),
        new("kid of 3000 characters", "unknown_key", scene => scene.Main.Key("rsa-1").Sign(Header(new string('k', 3000)), scene.Claims())),
        new("kid is a number", "malformed", scene => scene.WithHeader("""{"alg":"RS256","kid":1}""")),
        new("kid is null", "malformed", scene => scene.WithHeader("""{"alg":"RS256","kid":null}""")),
        new("kid is a list", "malformed", scene => scene.WithHeader("""{"alg":"RS256","kid":["rsa-1"]}""")),
        new("kid is an object", "malformed", scene => scene.WithHeader("""{"alg":"RS256","kid":{"rsa-1":1}}""")),
        new("no kid, forged", "bad_signature", scene => scene.Forged(new JsonObject { ["alg"] = "RS256" })),
        new("known kid, forged", "bad_signature", scene => scene.Forged(Header("rsa-1"))),
        new("key of the other issuer under one kid", "bad_signature", scene => scene.Other.Key("rsa-1").Sign(scene.Claims())),
        new("claims of the other issuer with this one's key", "bad_signature", scene => scene.With("iss", scene.Other.Issuer)),
        new("key of the other issuer for the strict one", "bad_signature", scene => scene.Other.Key("rsa-1").Sign(new JsonObject { ["alg"] = "RS256", ["typ"] = "at+jwt", ["kid"] = "rsa-1" }, scene.StrictClaims())),
        new("claims of this issuer for the strict one's audience", "audience", scene => scene.With("aud", "strict")),
        new("claims of the strict issuer for this one's audience", "audience", scene => scene.StrictWith("aud", "api")),
    ];

    private static JsonObject Header(string id) => new() { ["alg"] = "RS256", ["kid"] = id };

    private static JsonObject With(AttackScene scene, string member, string id)
    {
        JsonObject header = Header(id);
        header[member] = member switch
        {
            "jwk" => scene.Evil.ToJwk(),
            "keys" => new JsonArray(scene.Evil.ToJwk()),
            "x5c" => new JsonArray("MIIB"),
            "x5t" or "x5t#S256" => "AAAA",
            _ => scene.Other.KeySetUrl,
        };
        return header;
    }

    private static string Printable(string id) => id.Replace("\u0000", "NUL", StringComparison.Ordinal);
}
