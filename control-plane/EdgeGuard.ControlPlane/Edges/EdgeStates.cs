using System.Collections.Concurrent;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Stream;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Edges;

/// <summary>
/// What edges acknowledged, in memory. Acknowledgements of a fleet arrive within milliseconds of each other and must not queue for
/// the database: they are written in one transaction, a moment later, by <see cref="EdgeStateFlusher"/>.
/// </summary>
internal sealed class EdgeStates(Database database, EdgeColumns columns, TimeProvider time)
{
    private const int MaxProblems = 20;
    private const int MaxProblemLength = 500;

    private readonly ConcurrentDictionary<string, EdgeState> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _dirty = new(StringComparer.Ordinal);

    /// <summary>The state of an edge that was seen by this process, or null.</summary>
    public EdgeState? Find(string edgeId) => _states.GetValueOrDefault(edgeId);

    /// <summary>A session opened its stream.</summary>
    public async Task ConnectedAsync(Caller caller, PendingSession session, CancellationToken cancellation)
    {
        await EnsureAsync(caller, cancellation);
        Change(caller.EdgeId, state => state with
        {
            EdgeVersion = session.Request.EdgeVersion,
            BundleVersion = session.Request.BundleVersion,
            BundleDigest = session.Request.BundleDigest,
            ClockSkewMilliseconds = session.SkewMilliseconds,
        });
    }

    /// <summary>Directives were applied or refused.</summary>
    public async Task AcknowledgeAsync(Caller caller, IReadOnlyList<Ack> acks, CancellationToken cancellation)
    {
        await EnsureAsync(caller, cancellation);
        foreach (var ack in acks)
        {
            Change(caller.EdgeId, state => Apply(state, ack));
        }
    }

    /// <summary>An edge was there until now.</summary>
    public void Seen(string edgeId) => Change(edgeId, static state => state);

    /// <summary>Takes the states that have changed since the last call, by organization.</summary>
    public ILookup<string, EdgeState> TakeDirty()
    {
        var taken = new List<EdgeState>();
        foreach (var edgeId in _dirty.Keys)
        {
            if (_dirty.TryRemove(edgeId, out _) && _states.TryGetValue(edgeId, out var state))
            {
                taken.Add(state);
            }
        }

        return taken.ToLookup(state => state.OrganizationId, StringComparer.Ordinal);
    }

    /// <summary>Gives states back that could not be written.</summary>
    public void GiveBack(IEnumerable<EdgeState> states)
    {
        foreach (var state in states)
        {
            _dirty[state.EdgeId] = 0;
        }
    }

    private static EdgeState Apply(EdgeState state, Ack ack)
    {
        if (!string.Equals(ack.Status, Ack.Applied, StringComparison.Ordinal))
        {
            return state with
            {
                Problems = ack.Problems.Take(MaxProblems).Select(problem => problem.Length > MaxProblemLength ? problem[..MaxProblemLength] : problem).ToList(),
            };
        }

        return ack.Kind switch
        {
            StreamEvents.KillSwitches => state with { KillSequence = ack.Sequence, Problems = [] },
            StreamEvents.Revocations => state with { RevocationSequence = ack.Sequence },
            StreamEvents.ApiKeys => state with { ApiKeySequence = ack.Sequence },
            StreamEvents.Bundle => state with
            {
                BundleVersion = ack.Sequence,
                BundleDigest = ack.Sequence == state.BundleVersion ? state.BundleDigest : string.Empty,
                Problems = [],
            },
            _ => state,
        };
    }

    private async Task EnsureAsync(Caller caller, CancellationToken cancellation)
    {
        if (_states.ContainsKey(caller.EdgeId))
        {
            return;
        }

        await using var rows = database.Open(OrganizationScope.For(caller.OrganizationId));
        var row = await rows.Edges.AsNoTracking().SingleAsync(edge => edge.Id == caller.EdgeId, cancellation);
        _states.TryAdd(caller.EdgeId, new EdgeState
        {
            EdgeId = row.Id,
            OrganizationId = row.OrganizationId,
            LastSeenAt = time.GetUtcNow(),
            EdgeVersion = row.EdgeVersion,
            BundleVersion = row.BundleVersion,
            BundleDigest = row.BundleDigest,
            KillSequence = row.KillSequence,
            ClockSkewMilliseconds = row.ClockSkewMs,
            Problems = columns.ReadProblems(row),
        });
    }

    private void Change(string edgeId, Func<EdgeState, EdgeState> change)
    {
        while (_states.TryGetValue(edgeId, out var present))
        {
            if (_states.TryUpdate(edgeId, change(present) with { LastSeenAt = time.GetUtcNow() }, present))
            {
                _dirty[edgeId] = 0;
                return;
            }
        }
    }
}
