using EdgeGuard.Identity.Crypto;

namespace EdgeGuard.Identity.Tests.Crypto;

public sealed class ConstantTimeTests
{
    [Fact]
    public void AreEqual_EveryLengthAndEveryPlaceOfADifference_IsFoundOut()
    {
        for (var length = 0; length <= 70; length++)
        {
            var one = new byte[length];
            Random.Shared.NextBytes(one);
            var other = one.ToArray();

            Assert.True(ConstantTime.AreEqual(one, other));
            Assert.False(ConstantTime.AreEqual(one, [.. other, 0]));
            for (var place = 0; place < length; place++)
            {
                for (var bit = 0; bit < 8; bit++)
                {
                    other[place] ^= (byte)(1 << bit);
                    Assert.False(ConstantTime.AreEqual(one, other));
                    other[place] = one[place];
                }
            }
        }
    }

    [Fact]
    public void AreEqual_Texts_ComparesEveryBitOfACharacter()
    {
        Assert.True(ConstantTime.AreEqual("", ""));
        Assert.True(ConstantTime.AreEqual("Bearer abcdefgh", "Bearer abcdefgh"));
        Assert.False(ConstantTime.AreEqual("Bearer abcdefgh", "Bearer abcdefg\u0168"));
        Assert.False(ConstantTime.AreEqual("Bearer", "Bearer "));
    }
}
