using System.Text.Json.Nodes;

namespace EdgeGuard.Testing.Attacks;

/// <summary>Types of other tokens and critical extensions (RFC 8725 section 3.11, RFC 7515 section 4.1.11).</summary>
internal static class HeaderAttacks
{
    private static readonly string[] Types =
        ["", "logout+jwt", "secevent+jwt", "dpop+jwt", "edgeguard-bundle+jws", "JOSE", "JOSE+JSON", "JWE", "application/json", "application/application/jwt", "jwt ", "at+jwt2", "../jwt"];

    private static readonly string[] Criticals =
    [
        "\"crit\":[\"exp\"]", "\"crit\":[\"b64\"],\"b64\":false", "\"crit\":[]", "\"crit\":null", "\"crit\":\"exp\"", "\"crit\":{}", "\"crit\":[\"alg\"]",
        "\"crit\":[\"x\"],\"x\":1", "\"b64\":false", "\"b64\":true", "\"\\u0063rit\":[\"x\"]",
    ];

    public static IEnumerable<TokenAttack> All =>
    [
        .. Types.Select(type => new TokenAttack($"typ '{type}'", "type", scene => scene.WithMembers($"\"typ\":\"{type}\""))),
        new("typ is a number", "malformed", scene => scene.WithMembers("\"typ\":5")),
        new("typ is null", "malformed", scene => scene.WithMembers("\"typ\":null")),
        new("typ is a list", "malformed", scene => scene.WithMembers("\"typ\":[\"JWT\"]")),
        new("typ JWT where at+jwt is expected", "type", scene => scene.StrictWith("x", 1, "JWT")),
        new("no typ where at+jwt is expected", "type", scene => scene.StrictWith("x", 1, null)),
        .. Criticals.Select((text, i) => new TokenAttack($"critical extension {i}", "critical_header", scene => scene.WithMembers(text))),
        new("critical extension and alg none", "critical_header", scene => scene.WithHeader("""{"alg":"none","crit":["x"]}""")),
        new("scheme without a token", "malformed", _ => "Bearer", IsWholeHeader: true),
        new("scheme and blanks only", "malformed", _ => "Bearer    ", IsWholeHeader: true),
        new("scheme twice", "malformed", scene => $"Bearer Bearer {scene.Good()}", IsWholeHeader: true),
        new("two tokens", "malformed", scene => $"Bearer {scene.Good()} {scene.Good()}", IsWholeHeader: true),
        new("two values with a comma", "malformed", scene => $"Bearer {scene.Good()}, Bearer {scene.Good()}", IsWholeHeader: true),
        new("another scheme behind a comma", "malformed", scene => $"Bearer {scene.Good()}, Basic YTpi", IsWholeHeader: true),
        new("parameters behind the token", "malformed", scene => $"Bearer {scene.Good()}; a=b", IsWholeHeader: true),
        new("token as a parameter", "malformed", scene => $"Bearer token={scene.Good()}", IsWholeHeader: true),
        new("token in quotes", "malformed", scene => $"Bearer \"{scene.Good()}\"", IsWholeHeader: true),
        new("token in angle brackets", "malformed", scene => $"Bearer <{scene.Good()}>", IsWholeHeader: true),
        new("tab behind the scheme's blank", "malformed", scene => $"Bearer \t{scene.Good()}", IsWholeHeader: true),
        new("scheme in capitals, token forged", "bad_signature", scene => $"BEARER {scene.Forged(Plain())}", IsWholeHeader: true),
        new("scheme in small letters, token forged", "bad_signature", scene => $"bearer  {scene.Forged(Plain())}", IsWholeHeader: true),
        new("blanks around, token forged", "bad_signature", scene => $" Bearer   {scene.Forged(Plain())} ", IsWholeHeader: true),
    ];

    private static JsonObject Plain() => new() { ["alg"] = "RS256", ["kid"] = "rsa-1" };
}
