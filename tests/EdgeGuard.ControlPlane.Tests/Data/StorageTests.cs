using System.Net;
using System.Net.Http.Json;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Audit;
using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Tests.Data;

/// <summary>What storage promises, on each database.</summary>
public abstract class StorageTests(TestStorage storage) : IAsyncLifetime
{
    private TestControlPlane _plane = null!;
    private TestOrganization _organization = null!;

    public async ValueTask InitializeAsync()
    {
        _plane = await TestControlPlane.StartAsync(storage);
        _organization = await _plane.CreateOrganizationAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_plane is not null)
        {
            await _plane.DisposeAsync();
        }
    }

    [Fact]
    public async Task Queries_WithoutCredential_SeeNothing()
    {
        await _organization.CreateEdgeAsync("e1");
        await using var rows = _plane.Database.Open(new OrganizationScope());

        Assert.Empty(await rows.Edges.ToListAsync());
        Assert.Empty(await rows.Users.ToListAsync());
        Assert.Empty(await rows.Organizations.ToListAsync());
        Assert.Empty(await rows.AuditLog.ToListAsync());
    }

    [Fact]
    public async Task Writes_ForAnotherOrganization_AreRefused()
    {
        await using var rows = _plane.Rows("other");
        rows.DirectiveSequences.Add(new DirectiveSequenceRow { OrganizationId = _organization.Id, Kind = "x" });

        await Assert.ThrowsAsync<InvalidOperationException>(() => rows.SaveChangesAsync());
    }

    [Fact]
    public async Task Write_WithoutAuditRow_IsNotCommitted()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _plane.Get<Writer>().WriteAsync(
            _organization.Id, Actor.System("test"), (write, _) =>
            {
                write.Rows.DirectiveSequences.Add(new DirectiveSequenceRow { OrganizationId = _organization.Id, Kind = "x" });
                return Task.FromResult(true);
            }, CancellationToken.None));

        await using var rows = _plane.Rows(_organization.Id);
        Assert.False(await rows.DirectiveSequences.AnyAsync(row => row.Kind == "x"));
    }

    [Fact]
    public async Task Write_ThatFails_LeavesNeitherRowNorAuditRowNorNumber()
    {
        await _organization.KillAsync("a", id: "ks-a");
        await using var rows = _plane.Rows(_organization.Id);
        var audited = await rows.AuditLog.CountAsync();

        using var duplicate = await _organization.PostKillAsync("b", id: "ks-a");
        var next = await _organization.KillAsync("c");

        Assert.Equal(HttpStatusCode.Conflict, duplicate.StatusCode);
        Assert.Equal(3, next.Sequence);
        Assert.Equal(audited + 1, await rows.AuditLog.CountAsync());
    }

    [Fact]
    public async Task KillSwitches_AddedAtOnce_GetNumbersWithoutGapsAndAChainThatHolds()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 24).Select(number => _organization.KillAsync($"tenant-{number}")));

        Assert.Equal(Enumerable.Range(2, 24).Select(number => (long)number), added.Select(kill => kill.Sequence).Order());
        await using var rows = _plane.Rows(_organization.Id);
        Assert.Null(await _plane.Get<AuditVerifier>().VerifyAsync(rows, CancellationToken.None));
        Assert.Equal(24 + 3, await rows.AuditLog.CountAsync());
    }

    [Theory]
    [InlineData("UPDATE audit_log SET actor = 'user:nobody'")]
    [InlineData("DELETE FROM audit_log")]
    [InlineData("UPDATE bundle_versions SET message = 'other'")]
    [InlineData("DELETE FROM bundle_versions")]
    [InlineData("DELETE FROM kill_switches")]
    public async Task History_ChangedBySql_IsRefusedByTheDatabase(string sql)
    {
        await _organization.KillAsync("a");
        await using var rows = _plane.Rows(_organization.Id);
        await rows.Database.ExecuteSqlAsync(
            $"INSERT INTO bundle_versions (organization_id, version, digest, content_digest, document, author_id, message, published_at) VALUES ({_organization.Id}, 1, 'd', 'c', {new byte[1]}, 'a', 'm', 1)");

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => rows.Database.ExecuteSqlRawAsync(sql));
    }

    [Theory]
    [InlineData("UPDATE audit_log SET actor = 'user:nobody' WHERE sequence = 2", "row 2")]
    [InlineData("UPDATE audit_log SET at = at + 1 WHERE sequence = 3", "row 3")]
    [InlineData("DELETE FROM audit_log WHERE sequence = 2", "row 2 is missing")]
    [InlineData("UPDATE audit_log SET snapshot_cipher = (SELECT snapshot_cipher FROM audit_log WHERE sequence = 1) WHERE sequence = 2", "snapshot of row 2")]
    public async Task Audit_TamperedWithPastTheTriggers_IsFound(string sql, string expected)
    {
        await _organization.KillAsync("a");
        await using var rows = _plane.Rows(_organization.Id);
        foreach (var trigger in new[] { "audit_log_keep", "audit_log_stay" })
        {
            await rows.Database.ExecuteSqlRawAsync(storage is TestStorage.Sqlite ? $"DROP TRIGGER {trigger}" : $"DROP TRIGGER {trigger} ON audit_log");
        }

        await rows.Database.ExecuteSqlRawAsync(sql);

        Assert.Contains(expected, await _plane.Get<AuditVerifier>().VerifyAsync(rows, CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Telemetry_OneBatchSentManyTimesAtOnce_CountsOnce()
    {
        using var client = _plane.CreateClient((await _organization.CreateEdgeAsync("e1")).EdgeToken);
        var batch = Batch("e1", 1, 1, 7);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => client.PostAsJsonAsync(EdgeRoutes.Telemetry, batch, ContractsJson.Default.TelemetryBatch)));
        using var next = await client.PostAsJsonAsync(EdgeRoutes.Telemetry, Batch("e1", 1, 2, 5), ContractsJson.Default.TelemetryBatch);
        using var otherEpoch = await client.PostAsJsonAsync(EdgeRoutes.Telemetry, Batch("e1", 2, 1, 3), ContractsJson.Default.TelemetryBatch);

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
        Assert.Equal(HttpStatusCode.NoContent, next.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, otherEpoch.StatusCode);
        var summary = await _organization.GetAsync(ApiRoutes.TelemetrySummary, ContractsJson.Default.TelemetrySummary);
        Assert.Equal(3, summary.Batches);
        Assert.Equal(15, Assert.Single(summary.Decisions).Count);
        Assert.Equal(15, summary.LatencyCounts.Sum());
        var narrowed = await _organization.GetAsync(ApiRoutes.TelemetrySummary + "?edge=e2", ContractsJson.Default.TelemetrySummary);
        Assert.Equal(0, narrowed.Batches);
    }

    [Fact]
    public async Task Telemetry_LocalKill_IsAuditedWithTheBatch()
    {
        using var client = _plane.CreateClient((await _organization.CreateEdgeAsync("e1")).EdgeToken);
        var batch = Batch("e1", 1, 1, 1) with { LocalKills = [new LocalKillReport("lk-1", "added", "jwt:org", "pager 3", 1)] };

        using var first = await client.PostAsJsonAsync(EdgeRoutes.Telemetry, batch, ContractsJson.Default.TelemetryBatch);
        using var again = await client.PostAsJsonAsync(EdgeRoutes.Telemetry, batch, ContractsJson.Default.TelemetryBatch);

        var audit = await _organization.GetAsync(ApiRoutes.Audit, ContractsJson.Default.IReadOnlyListAuditEntry);
        Assert.Contains("pager 3", Assert.Single(audit, row => row.Action == AuditActions.EdgeLocalKill).After, StringComparison.Ordinal);
        await using var rows = _plane.Rows(_organization.Id);
        Assert.Null(await _plane.Get<AuditVerifier>().VerifyAsync(rows, CancellationToken.None));
    }

    [Fact]
    public async Task Secrets_OfEveryKind_AreInNoTableAndNoLog()
    {
        var credentials = await _organization.CreateEdgeAsync("e1");
        await _organization.KillAsync("mallory-7731");
        using var rotated = await _organization.Client.PostAsJsonAsync(ApiRoutes.Edges + "/e1/tokens", new RotateToken(60), ContractsJson.Default.RotateToken);
        var second = (await rotated.Content.ReadFromJsonAsync(ContractsJson.Default.EdgeCredentials))!;
        using var wrong = _plane.CreateClient("egu_" + new string('a', 43));
        using var refused = await wrong.GetAsync(ApiRoutes.Me);

        var everything = await DumpAsync() + _plane.Logs.Text;

        Assert.Contains("e1", everything, StringComparison.Ordinal);
        foreach (var secret in new[]
        {
            _organization.Token, credentials.EdgeToken, second.EdgeToken, credentials.SigningKey![3..], "admin@acme.example", "mallory-7731", "127.0.0.1",
        })
        {
            Assert.DoesNotContain(secret, everything, StringComparison.OrdinalIgnoreCase);
        }
    }

    private async Task<string> DumpAsync()
    {
        await using var rows = _plane.Rows(_organization.Id);
        await rows.Database.OpenConnectionAsync();
        var text = new System.Text.StringBuilder();
        foreach (var table in rows.Model.GetEntityTypes().Select(entity => entity.GetTableName()))
        {
            await using var command = rows.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // Names from our own model.
            command.CommandText = $"SELECT * FROM {table}";
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                for (var column = 0; column < reader.FieldCount; column++)
                {
                    text.Append(reader.GetValue(column) is byte[] bytes ? System.Text.Encoding.Latin1.GetString(bytes) : reader.GetValue(column)).Append('|');
                }
            }
        }

        return text.ToString();
    }

    private static TelemetryBatch Batch(string edgeId, long epoch, long sequence, long count) => new()
    {
        EdgeId = edgeId,
        Epoch = epoch,
        Sequence = sequence,
        FromUnixMilliseconds = 1_000,
        ToUnixMilliseconds = 11_000,
        Decisions = [new DecisionCount("api", "per-key", "allow", string.Empty, "/v1/", false, 1, count)],
        LatencyCounts = [count, .. new long[TelemetryBatch.LatencyBuckets.Count]],
    };
}
