using System.Text.Json;
using EdgeGuard.ControlPlane.Data;

namespace EdgeGuard.ControlPlane.Edges;

/// <summary>The encrypted columns of edges: labels, which people fill with whatever they like, and refusals, which quote bundles.</summary>
internal sealed class EdgeColumns(ColumnProtector columns)
{
    public string Labels(string organizationId, string edgeId, IReadOnlyDictionary<string, string> labels) =>
        columns.Protect(LabelsPlace(edgeId), organizationId, JsonSerializer.Serialize(labels, EdgeColumnsJson.Default.IReadOnlyDictionaryStringString));

    public IReadOnlyDictionary<string, string> ReadLabels(EdgeRow row) =>
        JsonSerializer.Deserialize(columns.Unprotect(LabelsPlace(row.Id), row.OrganizationId, row.LabelsCipher),
            EdgeColumnsJson.Default.IReadOnlyDictionaryStringString) ?? new Dictionary<string, string>(StringComparer.Ordinal);

    public string Problems(string organizationId, string edgeId, IReadOnlyList<string> problems) => problems.Count == 0
        ? string.Empty
        : columns.Protect(ProblemsPlace(edgeId), organizationId, JsonSerializer.Serialize(problems, EdgeColumnsJson.Default.IReadOnlyListString));

    public IReadOnlyList<string> ReadProblems(EdgeRow row) => row.ProblemsCipher.Length == 0
        ? []
        : JsonSerializer.Deserialize(columns.Unprotect(ProblemsPlace(row.Id), row.OrganizationId, row.ProblemsCipher),
            EdgeColumnsJson.Default.IReadOnlyListString) ?? [];

    private static string LabelsPlace(string edgeId) => "edges.labels/" + edgeId;

    private static string ProblemsPlace(string edgeId) => "edges.problems/" + edgeId;
}
