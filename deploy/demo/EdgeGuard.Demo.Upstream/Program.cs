using EdgeGuard.Demo.Upstream;

// A small upstream to put an edge in front of: it answers with what it saw. For demonstrations and tests only: it echoes headers.
var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();
app.Map("/slow", EchoEndpoints.Slow);
app.Map("/sse", EchoEndpoints.Events);
app.Map("/status/{code:int}", EchoEndpoints.Status);
app.Map("/chunked", EchoEndpoints.Chunked);
app.MapFallback(EchoEndpoints.Echo);
await app.StartAsync();
foreach (var url in app.Urls)
{
    await Console.Out.WriteLineAsync($"listening upstream {url}");
}

await Console.Out.FlushAsync();
await app.WaitForShutdownAsync();
