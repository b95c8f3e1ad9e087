using System.Globalization;
using System.Text.Json;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Explain;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Admin;

/// <summary>Answers why a decision was as it was.</summary>
internal sealed class ExplainAdmin(ExplainStore store)
{
    private const string OnePrefix = "/explain/";
    private const string RecordAllPath = "/explain/record-all";
    private const int DefaultLimit = 50;
    private const int MaxLimit = 1000;

    /// <summary>Whether an address is one of its own.</summary>
    public static bool Owns(string method, string path) =>
        method == "GET" ? path == "/explain" || path.StartsWith(OnePrefix, StringComparison.Ordinal) : method == "POST" && path == RecordAllPath;

    /// <summary>Answers a request to one of its addresses.</summary>
    public Task HandleAsync(HttpContext context, string path) => path switch
    {
        "/explain" => ListAsync(context),
        RecordAllPath when context.Request.Method == "POST" => RecordAllAsync(context),
        _ => OneAsync(context, path[OnePrefix.Length..]),
    };

    private Task OneAsync(HttpContext context, string text)
    {
        if (!DecisionId.TryParse(text, out var id))
        {
            return RefuseAsync(context, "this is no decision id", "copy the 32 digits from the header X-EdgeGuard-Decision-Id or from decision_id in the body");
        }

        if (store.Find(id) is not { } recorded)
        {
            return AdminReply.ProblemAsync(
                context, StatusCodes.Status404NotFound, "Not kept", AdminCodes.DecisionNotKept,
                $"nothing is kept of this decision: refusals, warnings and shadow disagreements are kept for {Text(store.Keep)} (explain.keep) while explain.memory lasts, " +
                $"and {(store.SampleAllows * 100).ToString("0.####", CultureInfo.InvariantCulture)} % of plain allows (explain.sample_allows); nothing survives a restart",
                "ask the edge that decided; record all for a while with `edgeguard explain --record-all 60s` and repeat the request");
        }

        var story = StoryBuilder.Build(recorded);
        return AdminReply.JsonAsync(context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(story, StoryJson.Default.DecisionStory));
    }

    private Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = DefaultLimit;
        if (query["limit"].ToString() is { Length: > 0 } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            return RefuseAsync(context, "limit is not a number from 1 to 1000", "leave it out for 50");
        }

        var (reason, policy, kind) = (query["reason"].ToString(), query["policy"].ToString(), query["kind"].ToString());
        var entries = store.Recent(limit, entry => Fits(reason, entry.Reason) && Fits(policy, entry.Policy) && Fits(kind, entry.Kind));
        var list = new ExplainList(entries, store.Keep.TotalSeconds, store.SampleAllows, store.RecordsAll, store.Dropped);
        return AdminReply.JsonAsync(context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(list, AdminJson.Default.ExplainList));
    }

    private Task RecordAllAsync(HttpContext context)
    {
        if (!DurationText.TryParse(context.Request.Query["for"].ToString(), out var time) || time > ExplainStore.MaxRecordAll)
        {
            return RefuseAsync(context, "`for` is not a duration of 0s to 1h", "POST /explain/record-all?for=60s");
        }

        var report = new RecordAllReport(store.RecordAll(time));
        return AdminReply.JsonAsync(context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(report, AdminJson.Default.RecordAllReport));
    }

    private static bool Fits(string wanted, string? value) => wanted.Length == 0 || string.Equals(wanted, value, StringComparison.Ordinal);

    private static Task RefuseAsync(HttpContext context, string message, string fix) => AdminReply.ProblemAsync(
        context, StatusCodes.Status400BadRequest, "Not understood", AdminCodes.ExplainRefused, message, fix);

    private static string Text(TimeSpan time) => time.TotalMinutes >= 1 && time.Seconds == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
