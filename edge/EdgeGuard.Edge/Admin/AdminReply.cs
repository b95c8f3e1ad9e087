using System.Collections.Immutable;
using System.Text.Json;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Contracts;

namespace EdgeGuard.Edge.Admin;

/// <summary>Writes the answers of the admin socket.</summary>
internal static class AdminReply
{
    /// <summary>JSON bytes.</summary>
    public static async Task JsonAsync(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>A problem (RFC 9457) with all findings.</summary>
    public static async Task ProblemAsync(HttpContext context, int status, string title, ImmutableArray<Diagnostic> findings)
    {
        var problem = new Problem
        {
            Title = title,
            Status = status,
            Code = findings[0].Code,
            Detail = findings[0].Message,
            Errors = [.. findings.Select(ItemOf)],
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(problem, ContractsJson.Default.Problem), context.RequestAborted);
    }

    /// <summary>A problem with one finding.</summary>
    public static Task ProblemAsync(HttpContext context, int status, string title, string code, string message, string fix) =>
        ProblemAsync(context, status, title, [new Diagnostic(code, Severity.Error, SourceLocation.None, string.Empty, message, fix)]);

    private static ProblemItem ItemOf(Diagnostic finding) => new(
        finding.Code, DiagnosticFormatter.Word(finding.Severity), finding.Location.File, finding.Location.Line, finding.Location.Column,
        finding.Path, finding.Message, finding.Fix);
}
