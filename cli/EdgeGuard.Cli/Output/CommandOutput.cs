using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Cli.Output;

/// <summary>What a command says: one JSON document or text on standard output, problems on standard error in the one shape.</summary>
internal sealed class CommandOutput(CliHost host, bool json)
{
    // Relaxed: the document goes to a terminal or a file, not into a page; `<` and `+` stay readable.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool IsJson { get; } = json;

    /// <summary>Something to read before the end: a preview, a hint. Never part of the JSON document.</summary>
    public void Note(string line) => (IsJson ? host.Error : host.Out).WriteLine(Printable.Clean(line));

    /// <summary>Ends a command.</summary>
    /// <param name="exitCode">Its exit code.</param>
    /// <param name="document">The JSON document; <c>ok</c> and <c>problems</c> are added.</param>
    /// <param name="text">Writes the text instead.</param>
    /// <param name="problems">Findings, errors and warnings.</param>
    public int Finish(int exitCode, JsonObject document, Action<TextWriter> text, IEnumerable<Diagnostic>? problems = null)
    {
        var all = problems?.ToArray() ?? [];
        foreach (var problem in all)
        {
            host.Error.WriteLine(Printable.CleanLines(DiagnosticFormatter.Format(problem)));
        }

        if (!IsJson)
        {
            text(host.Out);
            return exitCode;
        }

        document["ok"] = exitCode == ExitCodes.Ok;
        document["problems"] = new JsonArray([.. all.Select(ToJson)]);
        host.Out.WriteLine(ToText(document));
        return exitCode;
    }

    /// <summary>JSON as people read it.</summary>
    public static string ToText(JsonNode document) => document.ToJsonString(Indented);

    /// <summary><c>1 edge</c>, <c>2 edges</c>.</summary>
    public static string Count(long count, string noun) => $"{count} {noun}{(count == 1 ? string.Empty : "s")}";

    /// <summary>Time in UTC, whole seconds; <c>-</c> for none.</summary>
    public static string Show(DateTimeOffset? time) => time is null ? "-" : time.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static JsonObject ToJson(Diagnostic problem) => new()
    {
        ["code"] = problem.Code,
        ["severity"] = DiagnosticFormatter.Word(problem.Severity),
        ["file"] = problem.Location.File,
        ["line"] = problem.Location.Line,
        ["column"] = problem.Location.Column,
        ["path"] = problem.Path,
        ["message"] = problem.Message,
        ["fix"] = problem.Fix,
    };
}
