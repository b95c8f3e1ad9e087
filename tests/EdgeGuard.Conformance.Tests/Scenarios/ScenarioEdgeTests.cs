using System.Text.Json.Nodes;
using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Conformance.Tests.Doors;
using EdgeGuard.Conformance.Tests.Support;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Conformance.Tests.Scenarios;

/// <summary>Every scenario through the doors of a real edge, each on an edge of its own that begins without a bundle.</summary>
public sealed class ScenarioEdgeTests
{
    [Theory]
    [InlineData("proxy")]
    [InlineData("decision")]
    public async Task Scenarios_ThroughADoorOfTheEdge_GiveWhatTheyExpect(string name)
    {
        var door = Enum.Parse<Door>(name, ignoreCase: true);
        var failures = new List<string>();
        foreach (var scenario in ScenarioReader.All.Where(scenario => scenario.Doors.Contains(door)))
        {
            await using var edge = await CaseEdge.StartEmptyAsync(scenario.Trusted, scenario.Start);
            for (var i = 0; i < scenario.Steps.Count; i++)
            {
                if (await StepAsync(edge, scenario, scenario.Steps[i], door) is { } difference)
                {
                    failures.Add($"{scenario.File}: {scenario.Name}: step {i + 1}: {difference}");
                    break;
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static async Task<string?> StepAsync(CaseEdge edge, Scenario scenario, ScenarioStep step, Door door)
    {
        edge.Clock.Advance(step.After);
        if (step.Load is { } bundle && ScenarioCheck.Loaded(step, await edge.ActivateAsync(PeerSigner.Sign(bundle, step.Signature))) is { } refused)
        {
            return refused;
        }

        for (var repeat = 1; step.Request is { } request && repeat <= step.Times; repeat++)
        {
            var address = (door == Door.Proxy ? edge.Proxy : edge.Decision).BaseAddress!;
            var next = edge.Last.Next();
            using var answer = await (door == Door.Proxy
                ? RawClient.SendAsync(address, request.Plain.Method, request.Plain.Path, HeadersOf(edge, scenario, request, door), request.Plain.Body)
                : RawClient.SendAsync(
                    address, request.Plain.Body is null ? "GET" : "POST", "/v1/decision", HeadersOf(edge, scenario, request, door), request.Plain.Body));
            if (step.IsAnsweredByTheServer)
            {
                if (edge.Last.IsThere || (int)answer.StatusCode != step.Status)
                {
                    return $"expected {step.Status} of the server, got {(int)answer.StatusCode}{(edge.Last.IsThere ? " after a decision" : string.Empty)}";
                }

                continue;
            }

            var (snapshot, decision) = edge.Last.IsThere ? await next : (PolicySnapshot.Empty, Decision.Refused(Reason.MalformedRequest));
            var difference = ScenarioCheck.Decided(step, in decision, snapshot, last: repeat == step.Times)
                ?? AnswerCheck.Difference(answer, in decision, door)
                ?? ScenarioCheck.Answered(step, answer);
            if (difference is not null)
            {
                return difference;
            }
        }

        return null;
    }

    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(CaseEdge edge, Scenario scenario, ScenarioRequest request, Door door)
    {
        var plain = request.Plain;
        List<KeyValuePair<string, string>> headers = door == Door.Proxy
            ? [new("Host", plain.Host)]
            : [new("Host", "edge"), new("X-Original-Method", plain.Method), new("X-Original-Host", plain.Host), new("X-Original-URI", plain.Path)];
        headers.RemoveAll(header => request.Omit.Contains(header.Key, StringComparer.Ordinal));
        if (scenario.Trusted)
        {
            headers.Add(new("X-Forwarded-For", plain.Ip ?? CaseRequest.DefaultAddress));
        }

        if (TokenOf(edge, request) is { } token)
        {
            headers.Add(new("Authorization", "Bearer " + token));
        }

        return headers.Concat(plain.Facts.Select(fact => new KeyValuePair<string, string>(FactHeaders.NameOf(fact.Key), fact.Value))).Concat(plain.Headers);
    }

    private static string? TokenOf(CaseEdge edge, ScenarioRequest request)
    {
        var now = edge.Clock.GetUtcNow();
        var claims = request.Claims?.DeepClone().AsObject().Select(claim => new KeyValuePair<string, JsonNode?>(claim.Key, claim.Value?.DeepClone())) ?? [];
        return request.Token switch
        {
            null => request.Claims is null ? null : edge.Login.Issue(claims, now),
            "forged" => edge.Login.Forge(claims, now),
            "expired" => edge.Login.Issue(claims, now - TimeSpan.FromDays(1)),
            "unsigned" => edge.Login.Unsigned(claims, now),
            "not_an_object" => edge.Login.NotAnObject(),
            _ => request.Token,
        };
    }
}
