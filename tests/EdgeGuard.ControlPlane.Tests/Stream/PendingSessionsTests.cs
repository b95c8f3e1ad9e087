using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Stream;
using EdgeGuard.Testing;

namespace EdgeGuard.ControlPlane.Tests.Stream;

public sealed class PendingSessionsTests
{
    private readonly TestTimeProvider _time = new();
    private readonly PendingSessions _sessions;

    public PendingSessionsTests() => _sessions = new PendingSessions(_time);

    [Fact]
    public void Take_WithinAMinute_GivesItOnce()
    {
        var (id, challenge) = _sessions.Open(Request("e1"));

        Assert.Equal(challenge, _sessions.Take(id, "e1")?.Challenge);
        Assert.Null(_sessions.Take(id, "e1"));
    }

    [Fact]
    public void Take_AfterAMinute_FindsNothing()
    {
        var (id, _) = _sessions.Open(Request("e1"));
        _time.Advance(PendingSessions.Lifetime);

        Assert.Null(_sessions.Take(id, "e1"));
    }

    [Fact]
    public void Take_ByAnotherEdge_FindsNothingAndLeavesIt()
    {
        var (id, _) = _sessions.Open(Request("e1"));

        Assert.Null(_sessions.Take(id, "e2"));
        Assert.NotNull(_sessions.Take(id, "e1"));
    }

    [Fact]
    public void Open_FifthOfOneEdge_DropsTheOldest()
    {
        var first = _sessions.Open(Request("e1")).SessionId;
        for (var more = 0; more < 4; more++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _sessions.Open(Request("e1"));
        }

        Assert.Null(_sessions.Take(first, "e1"));
    }

    private static SessionRequest Request(string edgeId) => new(edgeId, "0.1.0", 1, "k1", 0, string.Empty, 0);
}
