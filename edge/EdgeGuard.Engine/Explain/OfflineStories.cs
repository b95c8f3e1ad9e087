using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Engine.Testing;

namespace EdgeGuard.Engine.Explain;

/// <summary>Decides requests without an edge, on empty counters and in virtual time, and tells the story of each.</summary>
public static class OfflineStories
{
    /// <summary>Most stories told; more help nobody.</summary>
    public const int MaxStories = 1000;

    /// <summary>32768 counters, as a small edge has.</summary>
    private const long TableBytes = 1024 * 1024;

    // The same request file tells the same hashes every time.
    private static readonly UInt128 Key = new(0x6564676567756172, 0x64206f66666c696e);

    /// <summary>The stories, at most <see cref="MaxStories"/>: decisions beyond them are not taken.</summary>
    /// <param name="requests">Steps; what they expect is not looked at.</param>
    /// <param name="policy">What to decide by.</param>
    public static ImmutableArray<DecisionStory> Tell(PolicyTest requests, CompiledPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(policy);
        using var counters = CounterTable.Create(new CounterTableOptions(TableBytes, Key));
        var snapshot = PolicySnapshot.Empty.WithPolicy(policy);
        var session = new PolicyTestSession(new DecisionEngine(counters), snapshot, requests.Start);
        var stories = ImmutableArray.CreateBuilder<DecisionStory>();
        foreach (var step in requests.Steps)
        {
            session.Advance(step.After);
            for (var i = 0; i < step.Times && stories.Count < MaxStories; i++)
            {
                var decision = session.Decide(step.Request, step.Duration, step.UsageTokens, record: true);
                stories.Add(Tell(decision, session, snapshot));
            }
        }

        return stories.ToImmutable();
    }

    private static DecisionStory Tell(in Decision decision, PolicyTestSession session, PolicySnapshot snapshot)
    {
        // Refused before anything was considered: the facts are still those of the request before.
        var steps = decision.Reason == Reason.MalformedRequest ? default : session.Facts.Steps;
        var marks = new FactMark[64];
        var count = FactMarks.Fill(snapshot, session.Facts, steps, Key, marks);
        return StoryBuilder.Build(new RecordedDecision
        {
            Decision = decision,
            Snapshot = snapshot,
            Time = session.Now,
            Steps = [.. steps],
            Marks = [.. marks.AsSpan(0, count)],
            MarkKey = Key,
            Door = "offline",
        });
    }
}
