using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGuard.Contracts;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.Cli.Tests.Api;

/// <summary>A control plane on real Kestrel with TLS that answers what a test tells it, and records what it was asked.</summary>
internal sealed class FakeControlPlane : IAsyncDisposable
{
    public const string Token = "egu_the-right-token";

    private readonly WebApplication _app;
    private readonly TestCertificates _certificates = new();
    private readonly X509Certificate2 _server;
    private readonly Dictionary<string, (int Status, string Type, byte[] Body)> _answers = new(StringComparer.Ordinal);

    private FakeControlPlane(string[] names)
    {
        _server = _certificates.IssueServer(names);
        _app = Loopback.CreateApp(_server);
    }

    public string Url { get; private set; } = string.Empty;

    public string AuthorityPem => _certificates.AuthorityPem;

    /// <summary>Method, target, protocol and body of every call.</summary>
    public Recorder<(string Call, string Protocol, string Body)> Calls { get; } = new();

    public static async Task<FakeControlPlane> StartAsync(params string[] names)
    {
        var server = new FakeControlPlane(names);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        server.Url = $"https://127.0.0.1:{Loopback.AddressOf(server._app).Port}";
        server.Answer("GET " + ApiRoutes.Me, new WhoAmI("ann@example.com", "acme", "admin", "eu", "0.1.0"), ContractsJson.Default.WhoAmI);
        return server;
    }

    /// <summary>Says what a call gets: method and path, without the query.</summary>
    public void Answer<T>(string call, T value, JsonTypeInfo<T> type, int status = 200) =>
        _answers[call] = (status, "application/json", JsonSerializer.SerializeToUtf8Bytes(value, type));

    public void Refuse(string call, Problem problem) =>
        _answers[call] = (problem.Status, "application/problem+json", JsonSerializer.SerializeToUtf8Bytes(problem, ContractsJson.Default.Problem));

    public void AnswerText(string call, int status, string text) => _answers[call] = (status, "text/html", Encoding.UTF8.GetBytes(text));

    /// <summary>Makes a session know this control plane through its environment.</summary>
    public void Configure(CliSession session)
    {
        session.Write("ca.pem", AuthorityPem);
        session.Environment["EDGEGUARD_URL"] = Url;
        session.Environment["EDGEGUARD_TOKEN"] = Token;
        session.Environment["EDGEGUARD_CA"] = "ca.pem";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _server.Dispose();
        _certificates.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var call = $"{context.Request.Method} {context.Request.Path}";
        Calls.Add((call + context.Request.QueryString, context.Request.Protocol, body));
        if (context.Request.Headers.Authorization != "Bearer " + Token)
        {
            await WriteAsync(context, (401, "application/problem+json", JsonSerializer.SerializeToUtf8Bytes(
                new Problem { Title = "Token not accepted", Status = 401, Code = "EG6001" }, ContractsJson.Default.Problem)));
            return;
        }

        await WriteAsync(context, _answers.TryGetValue(call, out var answer) ? answer : ((int)HttpStatusCode.NotFound, "text/plain", []));
    }

    private static async Task WriteAsync(HttpContext context, (int Status, string Type, byte[] Body) answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.Status != 204)
        {
            context.Response.ContentType = answer.Type;
            await context.Response.Body.WriteAsync(answer.Body);
        }
    }
}
