using System.Globalization;
using System.Net;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Engine.Testing;

namespace EdgeGuard.Conformance.Tests.Doors;

/// <summary>One case through an HTTP door: time passes, requests are sent, each answer is compared with what is expected.</summary>
internal sealed class CaseRun(CaseEdge edge, Door door, bool trusted, HttpClient? through = null)
{
    /// <summary>Longer than any case keeps a request in flight.</summary>
    private static readonly TimeSpan LongerThanAnyHold = TimeSpan.FromDays(8);

    private readonly List<(DateTimeOffset End, UpstreamHold Hold, int Admissions, Task<HttpResponseMessage> Answer)> _inFlight = [];
    private int _held;

    /// <summary>Lets time pass; requests in flight end on the way, in order.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        var until = edge.Clock.GetUtcNow() + time;
        foreach (var flight in _inFlight.Where(flight => flight.End <= until).OrderBy(flight => flight.End).ToArray())
        {
            edge.Clock.Advance(flight.End - edge.Clock.GetUtcNow());
            _inFlight.Remove(flight);
            flight.Hold.Released.Set();
            using var answer = await flight.Answer;
            _held -= flight.Admissions;
            await edge.OpenReachesAsync(_held);
        }

        edge.Clock.Advance(until - edge.Clock.GetUtcNow());
    }

    /// <summary>Sends one request, and tells what differs from what is expected, or null.</summary>
    public async Task<string?> SendAsync(PolicyTestStep step, bool last)
    {
        var client = through ?? (door == Door.Proxy ? edge.Proxy : door == Door.Http2 ? edge.Http2 : edge.Decision);
        using var request = CaseRequest.Make(step.Request, door, client, trusted, edge.Login, edge.Clock.GetUtcNow());
        edge.Note(request);
        var hold = door == Door.Proxy && step.Duration > TimeSpan.Zero ? new UpstreamHold() : null;
        edge.Hold = hold;
        edge.Usage = step.UsageTokens;
        var next = edge.Last.Next();
        var sent = client.SendAsync(request);
        var (snapshot, decision) = await DecidedAsync(next, sent);
        if (decision.DelayMilliseconds > 0 && door == Door.Proxy)
        {
            await edge.Clock.FireAsync(TimeSpan.FromMilliseconds(decision.DelayMilliseconds));
        }

        if (hold is not null && decision.IsAdmitted)
        {
            await hold.Arrived.WaitAsync("a request at the upstream");
            var admissions = edge.Open - _held;
            _held += admissions;
            _inFlight.Add((edge.Clock.GetUtcNow() + step.Duration, hold, admissions, sent));
            return PolicyTestComparison.Difference(step.Expect, in decision, snapshot, last);
        }

        using var answer = await sent;
        if (door == Door.Proxy)
        {
            await edge.OpenReachesAsync(_held);
        }

        return PolicyTestComparison.Difference(step.Expect, in decision, snapshot, last) ?? AnswerCheck.Difference(answer, in decision, door);
    }

    /// <summary>Lets everything end that is in flight or held; false when something does not.</summary>
    public async Task<bool> EndAsync()
    {
        if (edge.Open == 0)
        {
            return true;
        }

        await AdvanceAsync(LongerThanAnyHold);
        try
        {
            await edge.OpenReachesAsync(0);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // A request that the server itself refuses is never decided on.
    private async Task<(PolicySnapshot Snapshot, Decision Decision)> DecidedAsync(
        Task<(PolicySnapshot Snapshot, Decision Decision)> next, Task<HttpResponseMessage> sent)
    {
        if (await Task.WhenAny(next, sent) == next)
        {
            return await next;
        }

        var answer = await sent;
        return edge.Last.IsThere || answer.StatusCode != HttpStatusCode.BadRequest
            ? await next
            : (PolicySnapshot.Empty, Decision.Refused(Reason.MalformedRequest));
    }
}
