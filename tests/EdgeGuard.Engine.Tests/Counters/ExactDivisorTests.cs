using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class ExactDivisorTests
{
    private static readonly ulong[] Edges =
    [
        1, 2, 3, 5, 7, 10, 641, 1_000_000, 1_000_000_000, 16_384_000_000_000, uint.MaxValue, 1UL << 32, (1UL << 60) - 1, 1UL << 60,
        (1UL << 62) + 1, (1UL << 63) - 1, 1UL << 63, (1UL << 63) + 1, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    [Fact]
    public void Quotient_AroundEveryMultiple_IsTheQuotient()
    {
        var random = Seeds.Next(out var seed);
        for (var i = 0; i < 20_000; i++)
        {
            var divisor = i < Edges.Length ? Edges[i] : Math.Max(1, (ulong)random.NextInt64() >> random.Next(63));
            var exact = new ExactDivisor(divisor);
            var multiple = divisor * ((ulong)random.NextInt64() / divisor);
            foreach (var dividend in (ReadOnlySpan<ulong>)[0, 1, divisor, divisor - 1, divisor + 1, multiple, multiple - 1, multiple + 1, .. Edges])
            {
                Assert.True(dividend / divisor == exact.Quotient(dividend), $"seed {seed}: {dividend} / {divisor}");
            }
        }
    }

    [Fact]
    public void Constructor_OfZero_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new ExactDivisor(0));
}
