using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgeGuard.Bench.Load.Options;
using EdgeGuard.Bench.Load.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeGuard.Bench.Load.Tests.Running;

public sealed class SocketConnectionSetTests
{
    [Fact]
    public void Connections_WithoutAServer_AreRefused()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        EndPoint gone = listener.LocalEndpoint;
        listener.Stop();

        Assert.Throws<IOException>(() => new SocketConnectionSet(gone, 1));
    }

    [Theory]
    [InlineData("--rate", "200")]
    [InlineData("--seed", "2")]
    public async Task Command_AgainstARealServer_AnswersWithWhatWasExpected(string option, string value)
    {
        await using WebApplication server = await StartAsync();

        (int right, JsonElement result) = await RunAsync(server, option, value, "--expect", "X-Seen: 1");
        (int wrong, JsonElement failure) = await RunAsync(server, option, value, "--expect", "X-Seen: 2");

        Assert.Equal(0, right);
        Assert.True(result.GetProperty("ok").GetBoolean());
        Assert.True(result.GetProperty("answered").GetInt64() > 0);
        Assert.Equal(0, result.GetProperty("wrong").GetInt64());
        Assert.Equal(1, wrong);
        Assert.Equal(failure.GetProperty("answered").GetInt64(), failure.GetProperty("wrong").GetInt64());
    }

    private static async Task<WebApplication> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        // Chunked, and longer than what one read takes in.
        string text = new('a', 40_000);
        app.MapGet("/{key}", async (HttpContext context) =>
        {
            context.Response.Headers["X-Seen"] = "1";
            await context.Response.WriteAsync(text);
            await context.Response.Body.FlushAsync();
            await context.Response.WriteAsync("end");
        });
        await app.StartAsync();
        return app;
    }

    private static async Task<(int ExitCode, JsonElement Result)> RunAsync(WebApplication server, params string[] more)
    {
        using StringWriter output = new();
        LoadOptions options = LoadOptions.Read([server.Urls.First() + "/{key:5}", "--connections", "3", "--warmup", "0", "--seconds", "0.5", "--drain", "60", .. more]);
        int exitCode = await Task.Run(() => LoadCommand.Run(options, output));
        using JsonDocument document = JsonDocument.Parse(output.ToString().TrimEnd().Split('\n')[^1]);
        return (exitCode, document.RootElement.Clone());
    }
}
