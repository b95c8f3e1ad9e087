using System.Text.Json;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>Every error of the API, as <c>application/problem+json</c> (RFC 9457) with a stable code.</summary>
internal static class Problems
{
    private const string MediaType = "application/problem+json";

    /// <summary>A result for a handler to return.</summary>
    public static IResult Result(int status, string code, string title, string? detail, IReadOnlyList<ProblemItem>? errors = null) =>
        Results.Json(Create(status, code, title, detail, errors), ContractsJson.Default.Problem, MediaType, status);

    /// <summary>404 for something that is not there, or belongs to somebody else: the two are not told apart.</summary>
    public static IResult NotFound(string what) =>
        Result(StatusCodes.Status404NotFound, ControlPlaneCodes.NotFound, "Not found", what);

    /// <summary>Writes a problem as the whole response.</summary>
    public static async Task WriteAsync(
        HttpContext http, int status, string code, string title, string? detail, IReadOnlyList<ProblemItem>? errors = null)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = MediaType;
        await JsonSerializer.SerializeAsync(
            http.Response.Body, Create(status, code, title, detail, errors), ContractsJson.Default.Problem, http.RequestAborted);
    }

    /// <summary>The wire form of a diagnostic.</summary>
    public static ProblemItem Item(Diagnostic diagnostic) => new(
        diagnostic.Code, DiagnosticFormatter.Word(diagnostic.Severity), diagnostic.Location.File ?? string.Empty, diagnostic.Location.Line,
        diagnostic.Location.Column, diagnostic.Path, diagnostic.Message, diagnostic.Fix);

    /// <summary>One finding about a request.</summary>
    public static ProblemItem Item(string code, string path, string message, string fix = "") =>
        new(code, DiagnosticFormatter.Word(Severity.Error), string.Empty, 0, 0, path, message, fix);

    private static Problem Create(int status, string code, string title, string? detail, IReadOnlyList<ProblemItem>? errors) => new()
    {
        Type = "urn:edgeguard:problem:" + code,
        Title = title,
        Status = status,
        Detail = detail,
        Code = code,
        Errors = errors ?? [],
    };
}
