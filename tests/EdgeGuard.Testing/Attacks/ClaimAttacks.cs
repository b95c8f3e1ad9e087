using System.Text.Json.Nodes;

namespace EdgeGuard.Testing.Attacks;

/// <summary>Issuers, audiences and required claims that are nearly right (RFC 8725 sections 3.8 to 3.12).</summary>
internal static class ClaimAttacks
{
    public static IEnumerable<TokenAttack> All =>
    [
        new("iss of nobody", "unknown_issuer", scene => scene.With("iss", "https://attacker.example")),
        new("iss with a slash more", "unknown_issuer", scene => scene.With("iss", scene.Main.Issuer + "/")),
        new("iss with a path more", "unknown_issuer", scene => scene.With("iss", scene.Main.Issuer + "/x")),
        new("iss in capitals", "unknown_issuer", scene => scene.With("iss", scene.Main.Issuer.ToUpperInvariant())),
        new("iss with a blank more", "unknown_issuer", scene => scene.With("iss", scene.Main.Issuer + " ")),
        new("iss with a NUL more", "unknown_issuer", scene => scene.With("iss", scene.Main.Issuer + "\0")),
        new("iss that is the id", "unknown_issuer", scene => scene.With("iss", "main")),
        new("iss is empty", "unknown_issuer", scene => scene.With("iss", "")),
        new("iss is missing", "unknown_issuer", scene => scene.With("iss", null)),
        new("iss is null", "malformed", scene => scene.WithText("iss", "null")),
        new("iss is a number", "malformed", scene => scene.With("iss", 5)),
        new("iss is a list", "malformed", scene => scene.With("iss", new JsonArray(scene.Main.Issuer))),
        new("iss is an object", "malformed", scene => scene.With("iss", new JsonObject { ["x"] = scene.Main.Issuer })),
        new("aud is missing", "audience", scene => scene.With("aud", null)),
        new("aud of another", "audience", scene => scene.With("aud", "other")),
        new("aud in capitals", "audience", scene => scene.With("aud", "API")),
        new("aud with more behind", "audience", scene => scene.With("aud", "api2")),
        new("aud with less", "audience", scene => scene.With("aud", "ap")),
        new("aud with a blank", "audience", scene => scene.With("aud", "api ")),
        new("aud of blank-separated values", "audience", scene => scene.With("aud", "api other")),
        new("aud is a pattern", "audience", scene => scene.With("aud", "*")),
        new("aud is empty", "audience", scene => scene.With("aud", "")),
        new("aud is an empty list", "audience", scene => scene.With("aud", new JsonArray())),
        new("aud is a list of others", "audience", scene => scene.With("aud", new JsonArray("a", "b"))),
        new("aud is a number", "malformed", scene => scene.With("aud", 5)),
        new("aud is null", "malformed", scene => scene.WithText("aud", "null")),
        new("aud is an object", "malformed", scene => scene.With("aud", new JsonObject { ["api"] = true })),
        new("aud is a list with a number", "malformed", scene => scene.With("aud", new JsonArray("api", 5))),
        new("aud is a list in a list", "malformed", scene => scene.With("aud", new JsonArray(new JsonArray("api")))),
        new("sub is a number", "malformed", scene => scene.With("sub", 5)),
        new("sub is an object", "malformed", scene => scene.With("sub", new JsonObject { ["id"] = "root" })),
        new("jti is a list", "malformed", scene => scene.With("jti", new JsonArray("a"))),
        new("required claim is missing", "required_claim", scene => scene.StrictWith("tenant", null)),
        new("required claim of another value", "required_claim", scene => scene.StrictWith("tenant", "acme2")),
        new("required claim in capitals", "required_claim", scene => scene.StrictWith("tenant", "ACME")),
        new("required claim as an object", "required_claim", scene => scene.StrictWith("tenant", new JsonObject { ["acme"] = "acme" })),
        new("required list without the value", "required_claim", scene => scene.StrictWith("realm", new JsonObject { ["role"] = new JsonArray("user") })),
        new("required list with an object in it", "required_claim", scene => scene.StrictWith("realm", new JsonObject { ["role"] = new JsonArray("admin", new JsonObject()) })),
        new("required path hidden by a name with dots", "required_claim", scene => scene.StrictWith("realm.role", "user")),
        new("token longer than its issuer takes", "too_large", scene => scene.StrictWith("filler", new string('x', 1024))),
    ];
}
