using System.Buffers;
using System.Text.Json;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Rejections;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Llm;

/// <summary>
/// The body of a rejection as clients of a provider expect it: an error of OpenAI, Anthropic or Gemini, or of JSON-RPC. Says what the problem document of
/// other routes says; nothing of the request but the id of a JSON-RPC message.
/// </summary>
internal static class NativeErrors
{
    public const string ContentType = "application/json";

    private const int InvalidRequest = -32600;
    private const int InvalidParams = -32602;
    private const int Refused = -32000;

    /// <summary>The body.</summary>
    /// <param name="route">Where the request would have gone.</param>
    /// <param name="decided">The rejection.</param>
    /// <param name="status">Its true status.</param>
    /// <param name="retryAfter">Seconds of Retry-After, 0 for none.</param>
    public static ReadOnlyMemory<byte> Write(ModelRoute route, in DecidedRequest decided, int status, int retryAfter)
    {
        var reason = decided.Decision.Reason;
        var message = $"{ProblemBody.TitleOf(reason)} ({Reasons.Name(reason)})." + (retryAfter > 0 ? $" Retry after {retryAfter} s." : string.Empty);
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (route.IsTools)
        {
            WriteRpc(json, decided, message, retryAfter);
        }
        else
        {
            switch (route.Format)
            {
                case LlmFormat.Anthropic:
                    json.WriteString("type", "error");
                    json.WriteStartObject("error");
                    json.WriteString("type", AnthropicType(status));
                    json.WriteString("message", message);
                    json.WriteEndObject();
                    break;
                case LlmFormat.Gemini:
                    WriteGemini(json, reason, status, message, retryAfter);
                    break;
                default:
                    json.WriteStartObject("error");
                    json.WriteString("message", message);
                    json.WriteString("type", OpenAiType(status));
                    json.WriteNull("param");
                    json.WriteString("code", Reasons.Name(reason));
                    json.WriteEndObject();
                    break;
            }
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteRpc(Utf8JsonWriter json, in DecidedRequest decided, string message, int retryAfter)
    {
        json.WriteString("jsonrpc", "2.0");
        json.WritePropertyName("id");
        if (decided.RpcId is { Length: > 0 } id)
        {
            json.WriteRawValue(id);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteStartObject("error");
        json.WriteNumber("code", decided.Decision.Reason switch
        {
            Reason.MalformedRequest => InvalidRequest,
            Reason.ModelDenied => InvalidParams,
            _ => Refused,
        });
        json.WriteString("message", message);
        json.WriteStartObject("data");
        json.WriteString("reason", Reasons.Name(decided.Decision.Reason));
        if (retryAfter > 0)
        {
            json.WriteNumber("retry_after", retryAfter);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteGemini(Utf8JsonWriter json, Reason reason, int status, string message, int retryAfter)
    {
        json.WriteStartObject("error");
        json.WriteNumber("code", status);
        json.WriteString("message", message);
        json.WriteString("status", GeminiStatus(status));
        json.WriteStartArray("details");
        json.WriteStartObject();
        json.WriteString("@type", "type.googleapis.com/google.rpc.ErrorInfo");
        json.WriteString("reason", Reasons.Name(reason).ToUpperInvariant());
        json.WriteString("domain", "edgeguard");
        json.WriteEndObject();
        if (retryAfter > 0)
        {
            json.WriteStartObject();
            json.WriteString("@type", "type.googleapis.com/google.rpc.RetryInfo");
            json.WriteString("retryDelay", $"{retryAfter}s");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string OpenAiType(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        >= StatusCodes.Status500InternalServerError => "server_error",
        _ => "invalid_request_error",
    };

    private static string AnthropicType(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status413PayloadTooLarge => "request_too_large",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        StatusCodes.Status503ServiceUnavailable => "overloaded_error",
        >= StatusCodes.Status500InternalServerError => "api_error",
        _ => "invalid_request_error",
    };

    private static string GeminiStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "UNAUTHENTICATED",
        StatusCodes.Status403Forbidden => "PERMISSION_DENIED",
        StatusCodes.Status409Conflict => "ABORTED",
        StatusCodes.Status429TooManyRequests => "RESOURCE_EXHAUSTED",
        StatusCodes.Status504GatewayTimeout => "DEADLINE_EXCEEDED",
        >= StatusCodes.Status500InternalServerError => "UNAVAILABLE",
        _ => "INVALID_ARGUMENT",
    };
}
