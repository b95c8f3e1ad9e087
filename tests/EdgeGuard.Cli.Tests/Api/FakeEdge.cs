using EdgeGuard.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace EdgeGuard.Cli.Tests.Api;

/// <summary>An edge's admin socket on real Kestrel.</summary>
internal sealed class FakeEdge : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeEdge(WebApplication app) => _app = app;

    public Dictionary<string, string> Answers { get; } = new(StringComparer.Ordinal);

    public Recorder<(string Call, string Body)> Calls { get; } = new();

    public static async Task<FakeEdge> StartAsync(string socket)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(options => options.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        var edge = new FakeEdge(app);
        app.Run(edge.AnswerAsync);
        await app.StartAsync();
        return edge;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var call = $"{context.Request.Method} {context.Request.Path}";
        Calls.Add((call + context.Request.QueryString, await reader.ReadToEndAsync()));
        if (Answers.TryGetValue(call, out var answer))
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer);
        }
        else
        {
            context.Response.StatusCode = 404;
            context.Response.ContentType = "application/problem+json";
            await context.Response.WriteAsync("""{"title":"Not found","status":404,"code":"EG3209","detail":"no such kill switch"}""");
        }
    }
}
