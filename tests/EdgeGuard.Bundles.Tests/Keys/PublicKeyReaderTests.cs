using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Testing;

namespace EdgeGuard.Bundles.Tests.Keys;

public sealed class PublicKeyReaderTests
{
    // y of a point of order 8 (RFC 8032's curve), and of its negative.
    private const string OrderEight = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";

    [Fact]
    public void Read_EachKindAsPemAndJwk_IsTheSameKey()
    {
        TestKey[] keys = [TestKey.CreateRsa("a"), TestKey.CreateEc("b"), TestKey.CreateEc("c", ECCurve.NamedCurves.nistP384), TestKey.CreateEc("d", ECCurve.NamedCurves.nistP521), TestKey.CreateEd25519("e")];
        foreach (var key in keys)
        {
            var pem = PublicKeyReader.Read(key.ToPem());
            var jwk = PublicKeyReader.Read(key.ToJwk().ToJsonString());

            Assert.Equal(("", ""), (pem.Why, jwk.Why));
            Assert.Equal(pem.Key!.Fingerprint, jwk.Key!.Fingerprint);
            Assert.Contains(key.Algorithm, pem.Key.Algorithms);
            Assert.Equal([key.Algorithm], jwk.Key.Algorithms);
            Assert.Equal(key.Id, jwk.Key.KeyId);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA")]
    [InlineData("-----BEGIN PUBLIC KEY-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----\n\n-----END PUBLIC KEY-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}")]
    [InlineData("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}")]
    [InlineData("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}")]
    [InlineData("{\"kty\":\"RSA\",\"kty\":\"RSA\"}")]
    [InlineData("{\"kty\":\"\\ud800\"}")]
    public void Read_NoKey_IsInvalid(string text)
    {
        var read = PublicKeyReader.Read(text);

        Assert.Null(read.Key);
        Assert.Equal(PublicKeyProblem.Invalid, read.Problem);
        Assert.NotEmpty(read.Why);
    }

    [Theory]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"secp256k1\"}")]
    [InlineData("{\"kty\":\"OKP\",\"crv\":\"Ed448\"}")]
    [InlineData("{\"kty\":\"OKP\",\"crv\":\"X25519\"}")]
    [InlineData("{\"kty\":\"RSA\",\"use\":\"enc\"}")]
    [InlineData("{\"kty\":\"RSA\",\"key_ops\":[\"sign\"]}")]
    [InlineData("{\"kty\":\"AKP\"}")]
    public void Read_KeyForOthers_IsNotForUs(string text) => Assert.Equal(PublicKeyProblem.NotForUs, PublicKeyReader.Read(text).Problem);

    [Fact]
    public void Read_PrivateKeys_AreTold()
    {
        using var rsa = RSA.Create(2048);
        string[] texts = [rsa.ExportPkcs8PrivateKeyPem(), rsa.ExportRSAPrivateKeyPem(), "{\"kty\":\"oct\",\"k\":\"AAAA\"}", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\",\"d\":\"AAAA\"}"];

        Assert.All(texts, text => Assert.Equal(PublicKeyProblem.HoldsPrivateKey, PublicKeyReader.Read(text).Problem));
    }

    [Fact]
    public void Read_AnythingAroundPem_IsInvalid()
    {
        using var key = TestKey.CreateEc("a");

        Assert.Equal(PublicKeyProblem.Invalid, PublicKeyReader.Read("x\n" + key.ToPem()).Problem);
        Assert.Equal(PublicKeyProblem.Invalid, PublicKeyReader.Read(key.ToPem() + "\n" + key.ToPem()).Problem);
        Assert.Equal(PublicKeyProblem.None, PublicKeyReader.Read("\n" + key.ToPem() + "\n").Problem);
    }

    [Fact]
    public void Read_WeakOrOddRsa_IsInvalid()
    {
        using var weak = RSA.Create(1024);
        using var good = RSA.Create(2048);
        var (modulus, small) = (good.ExportParameters(false).Modulus!, weak.ExportParameters(false).Modulus!);
        byte[] even = [.. modulus[..^1], 2];

        Assert.Contains("1024", Rsa(small, [1, 0, 1]).Why, StringComparison.Ordinal);
        Assert.Contains("1024", Rsa([.. new byte[128], .. small], [1, 0, 1]).Why, StringComparison.Ordinal);
        Assert.Contains("1024", PublicKeyReader.Read(weak.ExportSubjectPublicKeyInfoPem()).Why, StringComparison.Ordinal);
        Assert.All((byte[][])[[1], [0, 1], [2], [0], [1, 0, 0], [1, 0, 0, 0, 1]], exponent => Assert.Contains("exponent", Rsa(modulus, exponent).Why, StringComparison.Ordinal));
        Assert.Contains("modulus", Rsa(even, [1, 0, 1]).Why, StringComparison.Ordinal);
        Assert.Null(Rsa(new byte[2000], [1, 0, 1]).Key);
        Assert.Equal("", Rsa(modulus, [3]).Why);
    }

    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000", "order")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", "order")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000080", "order")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "order")]
    [InlineData(OrderEight, "order")]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "order")]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa", "order")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000080", "canonical")]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "canonical")]
    [InlineData("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "canonical")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "canonical")]
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000", "curve")]
    [InlineData("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "")]
    public void Read_Ed25519Point_IsChecked(string point, string word)
    {
        var jwk = new JsonObject { ["kty"] = "OKP", ["crv"] = "Ed25519", ["x"] = System.Buffers.Text.Base64Url.EncodeToString(Convert.FromHexString(point)) };

        var read = PublicKeyReader.Read(jwk.ToJsonString());

        Assert.Contains(word, read.Why, StringComparison.Ordinal);
        Assert.Equal(word.Length == 0, read.Key is not null);
    }

    private static PublicKeyRead Rsa(byte[] modulus, byte[] exponent) => PublicKeyReader.Read(new JsonObject
    {
        ["kty"] = "RSA",
        ["n"] = System.Buffers.Text.Base64Url.EncodeToString(modulus),
        ["e"] = System.Buffers.Text.Base64Url.EncodeToString(exponent),
    }.ToJsonString());
}
