using System.Numerics;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Testing;

namespace EdgeGuard.Bundles.Tests.Keys;

public sealed class Ed25519PointTests
{
    private static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;

    [Fact]
    public void Check_PublicKeysOfAnySeed_AreGood()
    {
        var random = Seeded();
        for (var i = 0; i < 20; i++)
        {
            var seed = new byte[32];
            random.NextBytes(seed);

            Assert.Null(Ed25519Point.Check(TestEd25519.PublicKey(seed)));
        }
    }

    // By dividing and by Euler's criterion, as the definition has it.
    [Fact]
    public void Check_AnyBytes_AreOnTheCurveWhenTheDefinitionSaysSo()
    {
        var random = Seeded();
        var d = -121665 * BigInteger.ModPow(121666, Prime - 2, Prime);
        var good = 0;
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[32];
            random.NextBytes(bytes);
            bytes[31] &= 0x3F;
            var y = new BigInteger(bytes, isUnsigned: true);
            var denominator = (((d * y * y) + 1) % Prime + Prime) % Prime;
            var xSquared = ((((y * y) - 1) * BigInteger.ModPow(denominator, Prime - 2, Prime)) % Prime + Prime) % Prime;
            var isSquare = BigInteger.ModPow(xSquared, (Prime - 1) / 2, Prime).IsOne;
            good += isSquare ? 1 : 0;

            Assert.Equal(isSquare ? null : "its point is not on the curve", Ed25519Point.Check(bytes));
        }

        Assert.InRange(good, 50, 150);
    }

    private static Random Seeded()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
