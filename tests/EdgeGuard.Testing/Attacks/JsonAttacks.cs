using System.Text;

namespace EdgeGuard.Testing.Attacks;

/// <summary>JSON that parsers read differently: names that are there twice, deep nesting, other encodings.</summary>
internal static class JsonAttacks
{
    private static readonly string[] NoObjects =
        ["", " ", "[]", "\"text\"", "5", "null", "true", "{", "}", "{}{}", "{},", "{\"a\"}", "{\"a\":}", "{a:1}", "{'a':1}", "{\"a\":1,}", "{\"a\":NaN}", "{\"a\":Infinity}",
         "{\"a\":01}", "{\"a\":0x1}", "{\"a\":+1}", "{\"a\":1.}", "{/**/\"a\":1}", "{\"a\":\"\t\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\ud800\"}", "{\"\\ud800\":1}", "{\"a\":tru}"];

    private static readonly string[] TwiceInPayload =
    [
        "\"x\":1,\"x\":1", "\"sub\":\"root\"", "\"\\u0073ub\":\"root\"", "\"exp\":9999999999", "\"aud\":\"api\"", "\"n\":{\"a\":1,\"a\":2}",
        "\"n\":{\"b\":{\"c\":{\"a\":1,\"a\":2}}}", "\"n\":[{\"a\":1,\"a\":2}]", "\"n\":[[{\"a\":1,\"\\u0061\":2}]]", "\"n\":{\"\":1,\"\":2}",
    ];

    private static readonly string[] TwiceInHeader =
        ["\"alg\":\"RS256\"", "\"alg\":\"none\"", "\"\\u0061lg\":\"none\"", "\"kid\":\"rsa-1\"", "\"typ\":\"JWT\",\"typ\":\"JWT\"", "\"x\":{\"a\":1,\"a\":2}", "\"x\":[{\"a\":1,\"a\":2}]", "\"x\":1,\"x\":2"];

    public static IEnumerable<TokenAttack> All =>
    [
        .. NoObjects.Select((text, i) => new TokenAttack($"payload is no object, form {i}", "malformed", scene => scene.WithPayload(text))),
        .. NoObjects.Select((text, i) => new TokenAttack($"header is no object, form {i}", "malformed", scene => scene.WithHeader(text))),
        .. TwiceInPayload.Select((text, i) => new TokenAttack($"name twice in the payload, form {i}", "duplicate", scene => scene.WithClaims(text))),
        .. TwiceInHeader.Select((text, i) => new TokenAttack($"name twice in the header, form {i}", "duplicate", scene => scene.WithMembers(text))),
        .. ((int[])[16, 17, 64, 1000, 2500]).SelectMany<int, TokenAttack>(depth =>
        [
            new($"lists nested {depth} deep", "malformed", scene => scene.WithClaims($"\"x\":{Nested("[", "]", depth)}")),
            new($"objects nested {depth} deep", "malformed", scene => scene.WithClaims($"\"x\":{Nested("{\"a\":", "}", Math.Min(depth / 2, 600) + 16)}")),
            new($"header nested {depth} deep", "malformed", scene => scene.WithMembers($"\"x\":{Nested("[", "]", depth)}")),
        ]),
        new("lists that are never closed", "malformed", scene => scene.WithClaims("\"x\":" + new string('[', 3000))),
        new("payload in UTF-16", "malformed", scene => scene.WithPayload(Encoding.Unicode.GetBytes(scene.Claims().ToJsonString()))),
        new("payload with a byte order mark", "malformed", scene => scene.WithPayload([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(scene.Claims().ToJsonString())])),
        new("payload with a byte that is no UTF-8", "malformed", scene => scene.WithPayload([.. Encoding.UTF8.GetBytes(scene.Claims().ToJsonString()[..^1] + ",\"x\":\""), 0xFF, .. "\"}"u8])),
        new("payload with an overlong NUL", "malformed", scene => scene.WithPayload([.. Encoding.UTF8.GetBytes(scene.Claims().ToJsonString()[..^1] + ",\"x\":\""), 0xC0, 0x80, .. "\"}"u8])),
        new("payload with a NUL behind", "malformed", scene => scene.WithPayload(scene.Claims().ToJsonString() + "\0")),
        new("payload with another object behind", "malformed", scene => scene.WithPayload(scene.Claims().ToJsonString() + "{\"sub\":\"root\"}")),
        new("payload that is a token itself", "malformed", scene => scene.WithPayload(scene.Good())),
        new("payload with a list of 600 objects", "too_large", scene => scene.WithClaims($"\"x\":[{string.Join(',', Enumerable.Repeat("{\"a\":0}", 600))}]")),
        new("payload with a list of 2500 items", "too_large", scene => scene.WithClaims($"\"x\":[{string.Join(',', Enumerable.Repeat("0", 2500))}]")),
    ];

    private static string Nested(string open, string close, int depth) =>
        string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
}
