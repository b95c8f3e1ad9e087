using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Answers;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Testing;

/// <summary>
/// Requests of a test in virtual time: each is decided as a door would, and ends when its time has come. Not safe for concurrent use.
/// </summary>
/// <param name="engine">Decides, by counters of its own.</param>
/// <param name="snapshot">What is decided by.</param>
/// <param name="start">Virtual time of the beginning.</param>
public sealed class PolicyTestSession(DecisionEngine engine, PolicySnapshot snapshot, DateTimeOffset start)
{
    private const long NanosecondsPerTick = 100;

    // By end, then by beginning: what ends at one instant ends in the order in which it began.
    private readonly PriorityQueue<(Admission Admission, long? Usage), (DateTimeOffset End, int Order)> _inFlight = new();
    private int _order;

    /// <summary>Virtual time.</summary>
    public DateTimeOffset Now { get; private set; } = start;

    /// <summary>The facts of the last request, and what its decision considered if it was recorded.</summary>
    public FactSet Facts { get; } = new();

    /// <summary>What the answer to the last request tells in addition.</summary>
    public AnswerFields Answer { get; private set; } = snapshot.AnswerFor(DoorMatch.None, default, isSecure: false);

    /// <summary>Lets time pass; requests end on the way.</summary>
    public void Advance(TimeSpan time)
    {
        var until = Now + time;
        while (_inFlight.TryPeek(out var request, out var place) && place.End <= until)
        {
            _inFlight.Dequeue();
            Now = place.End;
            End(request.Admission, request.Usage);
        }

        Now = until;
    }

    /// <summary>Decides one request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="duration">How long it is in flight; zero ends it at once.</param>
    /// <param name="usageTokens">Tokens that the provider reports at its end, or null for none.</param>
    /// <param name="record">Whether what was considered is kept in <see cref="Facts"/>.</param>
    public Decision Decide(PolicyTestRequest request, TimeSpan duration, long? usageTokens, bool record = false)
    {
        ArgumentNullException.ThrowIfNull(request);
        var target = Encoding.UTF8.GetBytes(request.Path);
        var path = new byte[target.Length];
        if (!PathCanonicalizer.TryCanonicalize(target, path, out var length, out var queryStart))
        {
            Answer = snapshot.AnswerFor(DoorMatch.None, default, isSecure: false);
            return Decision.Refused(Reason.MalformedRequest);
        }

        var method = Encoding.UTF8.GetBytes(request.Method);
        var host = Encoding.UTF8.GetBytes(request.Host);
        var normalized = new byte[host.Length];
        var hostLength = HostNormalizer.Normalize(host, normalized);
        var query = queryStart < 0 ? default : target.AsSpan(queryStart);
        if (PolicyTestDoors.Answer(snapshot, request, normalized.AsSpan(0, hostLength), path.AsSpan(0, length), out var answer) is { } answered)
        {
            Answer = answer;
            Facts.Begin(snapshot.Facts);
            return answered;
        }

        Answer = answer;
        var view = new RequestView(method, normalized.AsSpan(0, hostLength), path.AsSpan(0, length), Facts, query);
        Facts.Begin(snapshot.Facts);
        PolicyTestFacts.Fill(request, snapshot.Facts, Facts);
        PolicyTestCaller.Fill(request, snapshot.Policy?.FirstIssuer ?? string.Empty, snapshot.WebhooksFor(view.Method, view.Host, view.Path), snapshot.Facts, Facts);
        RequestLineFacts.Fill(snapshot.Facts, view.Method, view.Host, view.Path, Facts);
        QueryReader.Fill(query, snapshot.Facts, Facts);
        ReadBody(request, snapshot.BodyBytes(view.Method, view.Host, view.Path));
        var decision = record
            ? engine.DecideRecorded(snapshot, in view, Time, out var admission)
            : engine.Decide(snapshot, in view, Time, out admission);
        if (admission.IsEmpty)
        {
            return decision;
        }

        if (duration > TimeSpan.Zero)
        {
            _inFlight.Enqueue((admission, usageTokens), (Now + duration, _order++));
        }
        else
        {
            End(admission, usageTokens);
        }

        return decision;
    }

    private EngineTime Time => new((Now - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick, Now.ToUnixTimeMilliseconds());

    private void End(Admission admission, long? usageTokens)
    {
        if (usageTokens is { } tokens)
        {
            engine.Settle(admission, new Usage(tokens, 0), Time);
        }

        engine.Finish(admission, Ending.Completed, Time);
    }

    // Of a test request without a body, as of a GET, an empty one was read.
    private void ReadBody(PolicyTestRequest request, int bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        var body = Encoding.UTF8.GetBytes(request.Body ?? string.Empty);
        BodyAnalyzer.Analyze(body.AsSpan(0, Math.Min(body.Length, bytes)), Facts.Body);
        Facts.Body.Length = body.Length;
        Facts.Body.IsTooLarge = body.Length > bytes;
        Facts.Body.IsRead = true;
    }
}
