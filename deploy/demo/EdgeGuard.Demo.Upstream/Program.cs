using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

// The service that the demonstration protects: answers every request with what arrived, so that a visitor sees what the edge forwarded.
// Arguments: one address, http://127.0.0.1:0 by default.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(args.Length > 0 ? args[0] : "http://127.0.0.1:0");
WebApplication app = builder.Build();
long count = 0;
app.Run(async context =>
{
    long number = Interlocked.Increment(ref count);
    JsonObject headers = [];
    foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers)
    {
        // A demonstration is looked at over shoulders: credentials are not echoed.
        bool isSecret = name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("Cookie", StringComparison.OrdinalIgnoreCase);
        headers[name] = isSecret ? "***" : values.ToString();
    }

    JsonObject answer = new()
    {
        ["message"] = "hello from the upstream",
        ["request"] = number,
        ["method"] = context.Request.Method,
        ["path"] = context.Request.Path.Value,
        ["headers"] = headers,
    };
    context.Response.ContentType = "application/json";
    await context.Response.WriteAsync(answer.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n", context.RequestAborted);
});
await app.StartAsync();
Console.WriteLine($"listening {app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}");
await app.WaitForShutdownAsync();
