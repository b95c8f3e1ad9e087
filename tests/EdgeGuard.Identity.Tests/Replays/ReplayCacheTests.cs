using System.Text;
using EdgeGuard.Identity.Replays;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Replays;

public sealed class ReplayCacheTests
{
    private readonly TestTimeProvider _time = new();

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    [Theory]
    [InlineData(8)]
    [InlineData(5000)]
    public void Add_Again_IsReplayedUntilItsTimeIsOver(int length)
    {
        var cache = new ReplayCache(1024, _time);
        var value = Encoding.ASCII.GetBytes(new string('n', length));

        Assert.Equal(ReplayOutcome.First, cache.Add("a", "nonce", value, Now + 10));
        Assert.Equal(ReplayOutcome.Replayed, cache.Add("a", "nonce", value, Now + 10));
        Assert.Equal(ReplayOutcome.First, cache.Add("b", "nonce", value, Now + 10));
        Assert.Equal(ReplayOutcome.First, cache.Add("a", "signed", value, Now + 10));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(ReplayOutcome.First, cache.Add("a", "nonce", value, Now + 10));
    }

    [Fact]
    public void Status_TellsWhatIsRememberedAndWhatWasRefusedForIt()
    {
        var cache = new ReplayCache(64, _time);
        var outcomes = Enumerable.Range(0, 300).Select(i => cache.Add("a", "nonce", BitConverter.GetBytes(i), Now + 10)).ToList();
        var remembered = outcomes.Count(outcome => outcome == ReplayOutcome.First);
        var again = outcomes.IndexOf(ReplayOutcome.First);
        Assert.Equal(ReplayOutcome.Replayed, cache.Add("a", "nonce", BitConverter.GetBytes(again), Now + 10));

        // A quarter of the places for one source.
        Assert.Equal(16, remembered);
        Assert.Equal(new ReplayStatus("agent", remembered, 64, 1, 300 - remembered), cache.StatusOf("agent"));
    }
}
