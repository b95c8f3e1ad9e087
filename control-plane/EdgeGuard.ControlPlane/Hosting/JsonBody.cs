using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>Reads a JSON request body of the management API strictly: every unknown or doubled member is named, all at once.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>The value, or the problem to answer with.</summary>
    public static async Task<(T? Value, IResult? Problem)> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        if (!http.Request.HasJsonContentType())
        {
            return (null, Problems.Result(StatusCodes.Status415UnsupportedMediaType, ControlPlaneCodes.MediaTypeUnsupported,
                "Media type not supported", "Send application/json."));
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, Strict, http.RequestAborted);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                return (null, Invalid([Problems.Item(ControlPlaneCodes.RequestInvalid, string.Empty, "The body is not a JSON object.")]));
            }

            var unknown = Unknown(document.RootElement, type);
            return unknown.Count > 0 ? (null, Invalid(unknown)) : (document.RootElement.Deserialize(type), null);
        }
        catch (JsonException error)
        {
            // Only the place is passed on: the framework's message names types of ours.
            var line = (int)Math.Min(int.MaxValue - 1, error.LineNumber ?? 0) + 1;
            var column = (int)Math.Min(int.MaxValue - 1, error.BytePositionInLine ?? 0) + 1;
            return (null, Invalid([new ProblemItem(ControlPlaneCodes.RequestInvalid, "error", "body", line, column, Place(error.Path),
                "The body is not valid JSON, or a value has another type than expected.", string.Empty)]));
        }
        catch (InvalidOperationException)
        {
            // A member's name with half of a surrogate pair: the framework throws this instead of a JsonException, and knows no place.
            return (null, Invalid([Problems.Item(ControlPlaneCodes.RequestInvalid, string.Empty, "A member's name is no text.")]));
        }
    }

    /// <summary>400 with the findings.</summary>
    public static IResult Invalid(IReadOnlyList<ProblemItem> errors) => Problems.Result(
        StatusCodes.Status400BadRequest, ControlPlaneCodes.RequestInvalid, "Request invalid", errors.Count == 1 ? errors[0].Message : null, errors);

    private static string Place(string? path) => path is null ? string.Empty : path.TrimStart('$', '.');

    private static List<ProblemItem> Unknown<T>(JsonElement body, JsonTypeInfo<T> type)
    {
        var errors = new List<ProblemItem>();
        foreach (var member in body.EnumerateObject())
        {
            if (!type.Properties.Any(property => string.Equals(property.Name, member.Name, StringComparison.Ordinal)))
            {
                errors.Add(Problems.Item(ControlPlaneCodes.RequestInvalid, member.Name, $"Unknown member '{member.Name}'.",
                    "known members: " + string.Join(", ", type.Properties.Select(property => property.Name))));
            }
        }

        return errors;
    }
}
