using System.Text;
using System.Text.Json;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Sync;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Telemetry;

public sealed class TelemetrySenderTests
{
    [Fact]
    public async Task Batch_NotAnswered_IsSentAgainByteForByteAndCountedOnce()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        var statuses = new Queue<int>([503, 500, 204, 204]);
        fixture.Plane.TelemetryStatus = () => statuses.Dequeue();
        Record(edge, 3);

        Assert.NotNull((await FlushAsync(edge)).Problem);
        Record(edge, 4);
        Assert.NotNull((await FlushAsync(edge)).Problem);
        var delivered = await FlushAsync(edge);

        Assert.Equal(2, delivered.Batches);
        var batches = fixture.Plane.Batches.Items;
        Assert.Equal(batches[0], batches[1]);
        Assert.Equal(batches[0], batches[2]);
        Assert.Equal(3, Read(batches[2]).Decisions.Sum(count => count.Count));
        Assert.Equal(4, Read(batches[3]).Decisions.Sum(count => count.Count));
    }

    [Fact]
    public async Task Batch_AfterRestart_IsSentAgainByteForByte()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        fixture.Plane.TelemetryStatus = () => 503;
        await using (var first = await fixture.StartEdgeAsync())
        {
            Record(first, 3);
            await FlushAsync(first);
        }

        fixture.Plane.TelemetryStatus = () => 204;
        await using var second = await fixture.StartEdgeAsync();
        Assert.Equal(1, (await FlushAsync(second)).Batches);

        Assert.All(fixture.Plane.Batches.Items, batch => Assert.Equal(fixture.Plane.Batches.Items[0], batch));
    }

    [Fact]
    public async Task Stop_InGoodOrder_SendsWhatWasCounted()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using (var edge = await fixture.StartEdgeAsync())
        {
            Record(edge, 5);
        }

        Assert.Equal(5, Read(Assert.Single(fixture.Plane.Batches.Items)).Decisions.Sum(count => count.Count));
    }

    [Fact]
    public async Task Interval_InVirtualTime_SendsByItself()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        fixture.Options = fixture.Options with { TelemetryInterval = TimeSpan.FromSeconds(10) };
        var time = new TestTimeProvider(TimeProvider.System.GetUtcNow());
        await using var edge = await fixture.StartEdgeAsync(time);
        Record(edge, 2);

        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return fixture.Plane.Batches.Count > 0;
        });

        Assert.Equal(2, Read(fixture.Plane.Batches.Items[0]).Decisions.Sum(count => count.Count));
    }

    [Fact]
    public async Task Egress_OfTrafficFullOfPersonalData_HoldsNoneOfIt()
    {
        string[] personal =
        [
            "jane.doe@example.org", "secret-key-4711", "203.0.113.77", "SessionCookieValue", "4111111111111111", "JaneTheAgent", "acct-98765",
        ];
        await using var fixture = await SyncFixture.CreateAsync();
        await using (var edge = await fixture.StartEdgeAsync())
        {
            fixture.Plane.Publish(1, SyncFixture.Bundle(1));
            await fixture.AckAsync(StreamEvents.Bundle, 1, Ack.Applied);
            fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(1, SyncFixture.Kill("k-1", "acct-98765")));
            await fixture.AckAsync(StreamEvents.KillSwitches, 1, Ack.Applied);
            var door = edge.Host.AddressOf(EdgeGuard.Edge.Doors.DoorTag.Decision)!;
            using var client = new HttpClient();
            foreach (var key in personal)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, door + "/v1/decision");
                request.Headers.TryAddWithoutValidation("X-Original-Method", "GET");
                request.Headers.TryAddWithoutValidation("X-Original-URI", "/users/jane.doe@example.org?card=4111111111111111");
                request.Headers.TryAddWithoutValidation("X-Original-Host", "jane.doe@example.org");
                request.Headers.TryAddWithoutValidation("X-Api-Key", key);
                request.Headers.TryAddWithoutValidation("X-Forwarded-For", "203.0.113.77");
                request.Headers.TryAddWithoutValidation("Cookie", "sid=SessionCookieValue");
                request.Headers.TryAddWithoutValidation("User-Agent", "JaneTheAgent/1.0");
                using var response = await client.SendAsync(request);
            }

            edge.Get<EdgeGuard.Edge.KillSwitches.LocalKillSwitches>().Add(
                new CreateKillSwitch("header:x-api-key", "secret-key-4711", null, "leaked", null, null, "local-1"));
            Assert.Equal(1, (await FlushAsync(edge)).Batches);
        }

        var sent = string.Join('\n', fixture.Plane.Requests.Items);
        Assert.Contains("\"rule\":\"per-key\"", sent, StringComparison.Ordinal);
        Assert.Contains("\"rule\":\"k-1\"", sent, StringComparison.Ordinal);
        Assert.Contains("\"id\":\"local-1\"", sent, StringComparison.Ordinal);
        Assert.All(personal, secret => Assert.DoesNotContain(secret, sent, StringComparison.OrdinalIgnoreCase));
        Assert.All(personal, secret => Assert.DoesNotContain(
            Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('='), sent, StringComparison.Ordinal));
    }

    private static TelemetryBatch Read(byte[] batch) => JsonSerializer.Deserialize(batch, ContractsJson.Default.TelemetryBatch)!;

    private static Task<FlushResult> FlushAsync(ConnectedEdge edge) => edge.Get<TelemetrySender>().FlushAsync(CancellationToken.None);

    private static void Record(ConnectedEdge edge, int times)
    {
        var snapshot = TestPolicies.Snapshot();
        for (var i = 0; i < times; i++)
        {
            edge.Get<DecisionRecorder>().Record(snapshot, TestPolicies.Allow(), 500);
        }
    }
}
