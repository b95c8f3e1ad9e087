using System.Text.Json.Nodes;
using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Conformance.Tests.Doors;
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

        Assert.Empty(failures);
    }

    private static async Task<string?> StepAsync(CaseEdge edge, Scenario scenario, ScenarioStep step, Door door)
    {
        edge.Clock.Advance(step.After);
        if (step.Load is { } bundle && ScenarioCheck.Loaded(step, await edge.ActivateAsync(bundle)) is { } refused)
        {
            return refused;
        }

        for (var repeat = 1; step.Request is { } request && repeat <= step.Times; repeat++)
        {
            var client = door == Door.Proxy ? edge.Proxy : edge.Decision;
            using var message = CaseRequest.Make(
                request.Plain with { Claims = [] }, door, client, scenario.Trusted, edge.Login, edge.Clock.GetUtcNow());
            foreach (var omitted in request.Omit)
            {
                message.Headers.Remove(omitted);
            }

            if (TokenOf(edge, request) is { } token)
            {
                message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
            }

            var next = edge.Last.Next();
            using var answer = await client.SendAsync(message);
            var (snapshot, decision) = next.IsCompleted ? await next : (PolicySnapshot.Empty, Decision.Refused(Reason.MalformedRequest));
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
            _ => request.Token,
        };
    }
}
