using System.Collections.Concurrent;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Tracing;

public sealed class DecisionIdTests
{
    [Fact]
    public void Ids_OfSeveralThreads_AreAllDifferent()
    {
        var seen = new ConcurrentDictionary<DecisionId, bool>();

        Parallel.For(0, 100_000, _ => Assert.True(seen.TryAdd(DecisionId.New(), true)));

        Assert.Equal(100_000, seen.Count);
    }

    [Fact]
    public void Ids_HaveEveryBitSetAboutHalfOfTheTime()
    {
        const int Count = 20_000;
        var ones = new int[128];
        for (var i = 0; i < Count; i++)
        {
            var value = DecisionId.New().Value;
            for (var bit = 0; bit < 128; bit++)
            {
                ones[bit] += (int)((value >> bit) & 1);
            }
        }

        // Ten standard deviations (sqrt(20000)/2 = 71): chance alone fails one run in 10^20.
        Assert.All(ones, count => Assert.InRange(count, (Count / 2) - 710, (Count / 2) + 710));
    }

    [Fact]
    public void Id_WrittenAndRead_IsTheSame()
    {
        var id = DecisionId.New();

        Assert.True(DecisionId.TryParse(id.ToString(), out var read));
        Assert.Equal(id, read);
        Assert.Equal(DecisionId.Digits, id.ToString().Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0af7651916cd43dd8448eb211c80319")]
    [InlineData("0af7651916cd43dd8448eb211c80319c0")]
    [InlineData("0AF7651916cd43dd8448eb211c80319c")]
    [InlineData("0af7651916cd43dd-448eb211c80319c")]
    public void Id_OfAnythingElse_IsRefused(string text) => Assert.False(DecisionId.TryParse(text, out _));

    [Fact]
    public void Id_OnTheSteadyPath_AllocatesNothing()
    {
        var sum = UInt128.Zero;
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                sum ^= DecisionId.New().Value;
            }
        }));
        Assert.NotEqual(UInt128.One, sum);
    }
}
