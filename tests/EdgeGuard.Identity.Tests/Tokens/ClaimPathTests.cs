using System.Text.Json.Nodes;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Tokens;

/// <summary>Claims of nested objects by path, lists by membership, and what else is told of a token.</summary>
public sealed class ClaimPathTests
{
    [Theory]
    [InlineData("""{"realm":{"id":7,"x":{"y":true} } }""", "realm.id", "7")]
    [InlineData("""{"realm":{"id":7,"x":{"y":true} } }""", "realm.x.y", "true")]
    [InlineData("""{"a.b":"exact","a":{"b":"path"} }""", "a.b", "exact")]
    [InlineData("""{"a":{"b":"path"},"a.b":"exact"}""", "a.b", "exact")]
    [InlineData("""{"a":{"b.c":"short","b":{"c":"long"} } }""", "a.b.c", "short")]
    [InlineData("""{"a.b":null,"a":{"b":"path"} }""", "a.b", null)]
    [InlineData("""{"a.b":{"c":1},"a":{"b.c":2} }""", "a.b.c", null)]
    [InlineData("""{"a.b":["x"],"a":{"b":"path"} }""", "a.b", null)]
    [InlineData("""{"https://example.com/plan":"pro"}""", "https://example.com/plan", "pro")]
    [InlineData("""{"list":[{"id":1}]}""", "list.id", null)]
    [InlineData("""{"nothing":null}""", "nothing", null)]
    public async Task Values_OfNestedObjects_AreFoundByPath(string json, string path, string? value)
    {
        var token = await VerifyAsync(json);

        Assert.Equal(value, token.Values.GetValueOrDefault(path));
    }

    [Theory]
    [InlineData("""{"roles":["a","b",7,true]}""", "roles", "7 a b true")]
    [InlineData("""{"access":{"api":{"roles":["a"]} } }""", "access.api.roles", "a")]
    [InlineData("""{"roles":[]}""", "roles", "")]
    [InlineData("""{"roles":["a",{"b":1}]}""", "roles", null)]
    [InlineData("""{"roles":["a",["b"]]}""", "roles", null)]
    [InlineData("""{"roles":["a",null]}""", "roles", null)]
    [InlineData("""{"roles":"a"}""", "roles", null)]
    public async Task Lists_OfScalars_AreFoundByPath(string json, string path, string? items)
    {
        var token = await VerifyAsync(json);

        Assert.Equal(items, token.Lists.TryGetValue(path, out var list) ? string.Join(' ', list.Order(StringComparer.Ordinal)) : null);
    }

    [Theory]
    [InlineData("""{"scope":"read write  admin"}""", "scope", "admin read write")]
    [InlineData("""{"scp":["read","write"]}""", "scp", "read write")]
    [InlineData("""{"access":{"scopes":"read"} }""", "access.scopes", "read")]
    [InlineData("""{"scope":5}""", "scope", "5")]
    [InlineData("""{"scope":{"a":1} }""", "scope", "")]
    [InlineData("{}", "scope", "")]
    public async Task Scopes_AreAListOrWords(string json, string claim, string scopes)
    {
        var token = await VerifyAsync(json, claim);

        Assert.Equal(scopes, string.Join(' ', token.Scopes.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Facts_OfAToken_AreTold()
    {
        await using var harness = await IdentityHarness.StartAsync(change: issuer => issuer with { OrganizationClaim = "tenant.id" });
        var claims = IdentityHarness.Claims();
        claims["jti"] = "t-1";
        claims["tenant"] = new JsonObject { ["id"] = "acme" };

        var token = await harness.VerifyAsync(harness.Issue(claims));

        Assert.Equal(("user-1", "acme", "t-1", "main"), (token.Subject, token.Organization, token.TokenId, token.SourceId));
        Assert.Equal(harness.Time.GetUtcNow().ToUnixTimeSeconds(), token.IssuedAt!.Value.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task LongNames_WithManyMembers_AreLeftOutInsteadOfMultiplied()
    {
        var members = string.Join(',', Enumerable.Range(0, 300).Select(i => $"\"{i}\":1"));
        var token = await VerifyAsync($$"""{"{{new string('n', 2000)}}":{ {{members}} },"short":1}""");

        Assert.Equal("1", token.Values["short"]);
        Assert.DoesNotContain(token.Values.Keys, name => name.StartsWith('n'));
    }

    private static async Task<Credential> VerifyAsync(string json, string scopeClaim = "scope")
    {
        await using var harness = await IdentityHarness.StartAsync(change: issuer => issuer with { ScopeClaim = scopeClaim });
        var claims = JsonNode.Parse(json)!.AsObject();
        claims["aud"] = "api";
        var token = await harness.VerifyAsync(harness.Issue(claims, "ec-1"));
        Assert.Equal("", token.Failure);
        return token;
    }
}
