using EdgeGuard.Demo.Upstream;

// The service that the demonstration protects: answers every request with what arrived, so that a visitor sees what the edge forwarded.
// Arguments: one address, or --urls ADDRESS; http://127.0.0.1:0 by default.
var url = args switch
{
    ["--urls", var named, ..] => named,
    [var first, ..] => first,
    _ => "http://127.0.0.1:0",
};
var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(url).ConfigureKestrel(server => server.AddServerHeader = false);
var app = builder.Build();
app.Map("/slow", EchoEndpoints.Slow);
app.Map("/sse", EchoEndpoints.Events);
app.Map("/status/{code:int}", EchoEndpoints.Status);
app.Map("/chunked", EchoEndpoints.Chunked);
app.MapFallback("{**path}", EchoEndpoints.Echo);
await app.StartAsync();
await Console.Out.WriteLineAsync($"listening {app.Urls.First()}");
await Console.Out.FlushAsync();
await app.WaitForShutdownAsync();
