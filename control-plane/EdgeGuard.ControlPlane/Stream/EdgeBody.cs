using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGuard.ControlPlane.Hosting;

namespace EdgeGuard.ControlPlane.Stream;

/// <summary>Reads a body that an edge sends. Unknown members are passed over: an edge may be one release ahead.</summary>
internal static class EdgeBody
{
    /// <summary>The value, or null when it is not JSON of the expected form.</summary>
    public static async Task<T?> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        if (!http.Request.HasJsonContentType())
        {
            return null;
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>400: not what the contract says.</summary>
    public static IResult Malformed() => Problems.Result(
        StatusCodes.Status400BadRequest, ControlPlaneCodes.RequestInvalid, "Request invalid", "The body is not JSON of the form that this endpoint takes.");

    /// <summary>403: the token belongs to another edge than the body names.</summary>
    public static IResult OtherEdge() => Problems.Result(
        StatusCodes.Status403Forbidden, ControlPlaneCodes.EdgeMismatch, "Another edge's token", "The token does not belong to the edge that the body names.");
}
