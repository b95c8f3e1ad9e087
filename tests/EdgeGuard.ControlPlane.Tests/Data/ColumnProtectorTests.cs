using System.Security.Cryptography;
using EdgeGuard.ControlPlane.Data;

namespace EdgeGuard.ControlPlane.Tests.Data;

public sealed class ColumnProtectorTests
{
    private static readonly DataKey One = new("d1", RandomNumberGenerator.GetBytes(32));
    private static readonly DataKey Two = new("d2", RandomNumberGenerator.GetBytes(32));

    [Fact]
    public void Unprotect_AfterRotation_OpensOldAndNew()
    {
        var old = new ColumnProtector([One]).Protect("users.email/u", "o", "a@b.example");
        var rotated = new ColumnProtector([Two, One]);

        Assert.StartsWith("d1:", old, StringComparison.Ordinal);
        Assert.Equal("a@b.example", rotated.Unprotect("users.email/u", "o", old));
        Assert.StartsWith("d2:", rotated.Protect("users.email/u", "o", "x"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("users.email/other", "o")]
    [InlineData("users.email/u", "other")]
    public void Unprotect_MovedElsewhere_Fails(string place, string organization)
    {
        var columns = new ColumnProtector([One]);
        var text = columns.Protect("users.email/u", "o", "a@b.example");

        Assert.ThrowsAny<CryptographicException>(() => columns.Unprotect(place, organization, text));
    }

    [Fact]
    public void Unprotect_WithoutItsKey_Fails() => Assert.Throws<CryptographicException>(
        () => new ColumnProtector([Two]).Unprotect("p", "o", new ColumnProtector([One]).Protect("p", "o", "x")));

    [Fact]
    public void Protect_Twice_GivesTwoTexts()
    {
        var columns = new ColumnProtector([One]);

        Assert.NotEqual(columns.Protect("p", "o", "x"), columns.Protect("p", "o", "x"));
    }
}
