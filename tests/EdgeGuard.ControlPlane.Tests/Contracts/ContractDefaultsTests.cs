using System.Text.Json;
using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Tests.Contracts;

/// <summary>What a peer of another version leaves out keeps its default: the generated reader writes null over init-only properties.</summary>
public sealed class ContractDefaultsTests
{
    [Fact]
    public void Problem_WithoutErrors_HasNone()
    {
        var problem = JsonSerializer.Deserialize("""{"title":"t","status":400,"code":"EG6001"}""", ContractsJson.Default.Problem);

        Assert.NotNull(problem);
        Assert.Empty(problem.Errors);
        Assert.Equal("about:blank", problem.Type);
    }

    [Fact]
    public void TelemetryBatch_WithoutLocalKills_HasNone()
    {
        const string Batch = """
            {"edge_id":"e","epoch":1,"sequence":1,"from_unix_milliseconds":1,"to_unix_milliseconds":2,"decisions":[],"latency_counts":[]}
            """;

        var batch = JsonSerializer.Deserialize(Batch, ContractsJson.Default.TelemetryBatch);

        Assert.NotNull(batch);
        Assert.Empty(batch.LocalKills);
    }
}
