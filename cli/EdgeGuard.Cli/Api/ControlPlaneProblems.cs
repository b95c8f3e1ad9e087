using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Api;

/// <summary>What can go wrong with a call, in words and exit codes.</summary>
internal static class ControlPlaneProblems
{
    public static CliFailureException Unreachable(Uri url, Exception problem)
    {
        var cause = problem switch
        {
            OperationCanceledException => "no answer in time",
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the name cannot be resolved",
            { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "connection refused",
            { InnerException: SocketException { SocketErrorCode: SocketError.NetworkUnreachable or SocketError.HostUnreachable } } => "no route to it",
            { InnerException: TimeoutException or OperationCanceledException } => "no connection in time",
            _ => "the connection broke",
        };
        return new CliFailureException(ExitCodes.Unreachable, CliCodes.Unreachable, Place(url), $"the control plane cannot be reached: {cause}",
            "check the address, that the control plane runs and that no firewall is between; edges go on without it");
    }

    public static CliFailureException NotTrusted(Uri url, HttpRequestException problem)
    {
        // An untrusted certificate and a server that speaks no TLS at all need different help.
        var message = problem.InnerException?.Message ?? string.Empty;
        var cause = message.Contains("RemoteCertificateNameMismatch", StringComparison.Ordinal) ? "its certificate is for another name"
            : message.Contains("remote certificate", StringComparison.OrdinalIgnoreCase) ? "its certificate is not from a trusted authority, or has expired"
            : "no TLS connection could be made";
        return new CliFailureException(ExitCodes.Unreachable, CliCodes.CertificateNotTrusted, Place(url), $"the control plane is not trusted: {cause}",
            "name its certificate authority with --ca FILE (or EDGEGUARD_CA); there is no way to skip the check");
    }

    public static CliFailureException Unexpected(Uri url, string what) => new(
        ExitCodes.Unreachable, CliCodes.UnexpectedAnswer, Place(url), $"unexpected answer: {what}",
        "check that the address is a control plane's, and its version");

    /// <summary>The failure that an answer means.</summary>
    public static async Task<CliFailureException> RefusedAsync(Uri url, HttpResponseMessage answer, CancellationToken cancellation)
    {
        var problem = await ReadAsync(answer, cancellation);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            return new CliFailureException(ExitCodes.Refused, CliCodes.TokenRefused, Place(url), "the control plane does not accept the token",
                "it may have expired or been revoked: get a new one and run `edgeguard connect` again");
        }

        var status = (int)answer.StatusCode;
        if (problem is null)
        {
            return Unexpected(url, $"{status} without problem details");
        }

        var exitCode = status >= 500 ? ExitCodes.Unreachable : ExitCodes.Refused;
        // Members that an older or newer server leaves out arrive as null, whatever their declared default.
        if (problem.Errors is { Count: > 0 })
        {
            return new CliFailureException(exitCode, [.. problem.Errors.Select(item => ToDiagnostic(url, item))]);
        }

        var message = string.IsNullOrEmpty(problem.Detail) ? problem.Title : $"{problem.Title}: {problem.Detail}";
        var retry = answer.Headers.RetryAfter?.Delta is { } delta ? $"try again in {(int)delta.TotalSeconds} s" : string.Empty;
        return new CliFailureException(exitCode, Code(problem.Code), Place(url), message, retry);
    }

    /// <summary>A finding of the control plane as one of ours.</summary>
    public static Diagnostic ToDiagnostic(Uri? url, ProblemItem item)
    {
        var severity = item.Severity switch
        {
            "warning" => Severity.Warning,
            "hint" => Severity.Hint,
            _ => Severity.Error,
        };
        var place = string.IsNullOrEmpty(item.File) && url is not null ? Place(url) : item.File ?? string.Empty;
        return new Diagnostic(Code(item.Code), severity, new SourceLocation(place, item.Line, item.Column), item.Path ?? string.Empty, item.Message, item.Fix ?? string.Empty);
    }

    private static string Code(string? code) =>
        code is { Length: 6 } && code.StartsWith("EG", StringComparison.Ordinal) && !code.AsSpan(2).ContainsAnyExceptInRange('0', '9')
            ? code
            : CliCodes.UnexpectedAnswer;

    private static string Place(Uri url) => url.GetLeftPart(UriPartial.Authority);

    private static async Task<Problem?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(cancellation), ContractsJson.Default.Problem);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
