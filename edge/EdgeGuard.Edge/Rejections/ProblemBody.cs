using System.Buffers;
using System.Text.Json;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Rejections;

/// <summary>
/// Problem details (RFC 9457) of a rejection. Says which policy refused and when to come back; nothing about the request, so that nothing of it can
/// be reflected.
/// </summary>
internal static class ProblemBody
{
    public const string ContentType = "application/problem+json";

    private static readonly string[] Titles =
    [
        "OK",
        "No policy is loaded",
        "The request is malformed",
        "Authentication is required",
        "The credentials are not valid",
        "The credentials do not allow this",
        "The request lacks what a limit is counted by",
        "Requests of this kind are stopped",
        "The rate limit is exceeded",
        "The rate limit is exceeded",
        "Too many requests at the same time",
        "The budget is exceeded",
        "The quota is exceeded",
        "The token rate limit is exceeded",
        "The daily token limit is exceeded",
        "The prompt is too long",
        "The request asks for too many tokens",
        "The model or tool is not allowed",
        "The same request was repeated too often",
        "Spending is stopped",
        "The service is overloaded",
        "No room to count this request",
        "The request was seen before",
        "The request is too large",
        "The upstream is not available",
    ];

    /// <summary>How many titles there are; as many as reasons.</summary>
    public static int TitleCount => Titles.Length;

    /// <summary>A reason in words.</summary>
    public static string TitleOf(Reason reason) => Titles[(int)reason];

    /// <summary>The body.</summary>
    /// <param name="decided">The rejection.</param>
    /// <param name="status">Status that it is sent with.</param>
    /// <param name="retryAfter">Seconds of Retry-After, 0 for none.</param>
    public static ReadOnlyMemory<byte> Write(in DecidedRequest decided, int status, int retryAfter)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        Write(json, decided, status, retryAfter);
        return buffer.WrittenMemory;
    }

    /// <summary>Writes the body.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="decided">The rejection.</param>
    /// <param name="status">Status that it is sent with.</param>
    /// <param name="retryAfter">Seconds of Retry-After, 0 for none.</param>
    public static void Write(Utf8JsonWriter json, in DecidedRequest decided, int status, int retryAfter)
    {
        var decision = decided.Decision;
        var type = Reasons.ProblemType(decision.Reason);
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("title", Titles[(int)decision.Reason]);
        json.WriteNumber("status", status);
        json.WriteString("reason", Reasons.Name(decision.Reason));
        Span<char> id = stackalloc char[DecisionId.Digits];
        _ = decided.Trace.Id.TryFormat(id);
        json.WriteString("decision_id", id);
        if (decision.Policy != Decision.None && type.StartsWith("https://iana.org/", StringComparison.Ordinal))
        {
            json.WriteStartArray("violated-policies");
            json.WriteStringValue(decided.Snapshot.PolicyId(decision.Policy));
            json.WriteEndArray();
        }

        if (retryAfter > 0)
        {
            json.WriteNumber("retry_after", retryAfter);
        }

        json.WriteEndObject();
        json.Flush();
    }
}
