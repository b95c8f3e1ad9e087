using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Identity.Keys;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Keys;

public sealed class JwkSetReaderTests
{
    [Fact]
    public void Read_KeysForOtherUses_AreLeftOutSilently()
    {
        var encryption = Jwk(key => key["use"] = "enc");
        var signing = Jwk(key => key["key_ops"] = new JsonArray("sign"));
        var unknown = new JsonObject { ["kty"] = "OKP", ["crv"] = "X25519", ["x"] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };

        var read = Read(encryption, signing, unknown, Jwk(key => key["kid"] = "good"));

        Assert.Equal(1, read.Keys!.Count);
        Assert.Empty(read.Problems);
        Assert.NotNull(read.Keys.Find("good", "ES256"));
        Assert.Null(read.Keys.Find("good", "RS256"));
    }

    [Theory]
    [InlineData("x", "AAAA")]
    [InlineData("x", null)]
    [InlineData("y", "not base64!")]
    [InlineData("alg", "RS256")]
    [InlineData("kty", null)]
    public void Read_MalformedKey_LeavesOnlyItselfOut(string member, string? value)
    {
        var bad = Jwk(key =>
        {
            key["kid"] = "bad";
            key.Remove(member);
            if (value is not null)
            {
                key[member] = value;
            }
        });

        var read = Read(bad, Jwk(key => key["kid"] = "good"));

        Assert.Equal(1, read.Keys!.Count);
        Assert.Equal([IdentityCodes.KeyNotUsable], read.Problems.Select(problem => problem.Code));
    }

    [Fact]
    public void Read_PointOffTheCurve_IsRefused()
    {
        var bad = Jwk(key => (key["x"], key["y"]) = (key["y"]!.GetValue<string>(), key["x"]!.GetValue<string>()));

        Assert.Null(Read(bad).Keys);
    }

    [Fact]
    public void Read_WeakRsaKey_IsRefused()
    {
        using var rsa = System.Security.Cryptography.RSA.Create(1024);
        var parameters = rsa.ExportParameters(false);
        var jwk = new JsonObject
        {
            ["kty"] = "RSA",
            ["n"] = System.Buffers.Text.Base64Url.EncodeToString(parameters.Modulus),
            ["e"] = System.Buffers.Text.Base64Url.EncodeToString(parameters.Exponent),
        };

        Assert.Contains("1024", Read(jwk).Problems[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("d")]
    [InlineData("k")]
    public void Read_PrivateOrSymmetricKey_IsReportedAndNeverUsed(string member)
    {
        var read = Read(Jwk(key => key[member] = "c2VjcmV0"), Jwk(key => key["kid"] = "good"));

        Assert.Equal(1, read.Keys!.Count);
        Assert.Equal([IdentityCodes.PrivateKeyPublished], read.Problems.Select(problem => problem.Code));
        Assert.DoesNotContain("c2VjcmV0", read.Problems[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[]}")]
    [InlineData("{\"keys\":[5,null,\"x\"]}")]
    [InlineData("{\"keys\":[],\"keys\":[]}")]
    [InlineData("{\"keys\":[{\"kty\":5}]}")]
    [InlineData("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"\\ud800\",\"e\":\"AQAB\"}]}")]
    public void Read_NoUsableKey_IsMalformed(string json)
    {
        var read = JwkSetReader.Read(Encoding.UTF8.GetBytes(json), "main");

        Assert.Null(read.Keys);
        Assert.Contains(read.Problems, problem => problem.Code == IdentityCodes.MalformedKeySet);
    }

    [Fact]
    public void Read_TwoKeysOfOneId_IsMalformed() =>
        Assert.Null(Read(Jwk(key => key["kid"] = "same"), Jwk(key => key["kid"] = "same")).Keys);

    [Fact]
    public void HasSameKeys_OrderAndOtherMembers_DoNotMatter()
    {
        var (one, other) = (Jwk(key => key["kid"] = "1"), Jwk(key => key["kid"] = "2"));
        var withCertificate = one.DeepClone().AsObject();
        withCertificate["x5t"] = "abc";

        var before = Read(one, other).Keys!;

        Assert.True(before.HasSameKeys(Read(other, withCertificate).Keys!));
        Assert.False(before.HasSameKeys(Read(one).Keys!));
        Assert.False(before.HasSameKeys(Read(one, Jwk(key => key["kid"] = "2")).Keys!));
    }

    private static KeySetRead Read(params JsonObject[] keys) => JwkSetReader.Read(
        Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key.DeepClone())]) }.ToJsonString()),
        "main");

    private static JsonObject Jwk(Action<JsonObject> change)
    {
        using var key = TestKey.CreateEc("any");
        var jwk = key.ToJwk();
        change(jwk);
        return jwk;
    }
}
