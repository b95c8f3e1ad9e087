using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Yarp.ReverseProxy.Configuration;

// What our proxy path is compared with: YARP as its documentation sets it up, one route to one destination, logging off.
//   edgeguard-bench-yarp UPSTREAM [--limit]
// --limit puts ASP.NET Core's rate limiting in front: a token bucket for each X-Api-Key that never runs dry.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddReverseProxy().LoadFromMemory(
    [new RouteConfig { RouteId = "all", ClusterId = "upstream", Match = new RouteMatch { Path = "/{**rest}" } }],
    [new ClusterConfig
    {
        ClusterId = "upstream",
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { ["one"] = new() { Address = args[0] } },
    }]);
var limits = args.Contains("--limit", StringComparer.Ordinal);
if (limits)
{
    builder.Services.AddRateLimiter(options => options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetTokenBucketLimiter(context.Request.Headers["X-Api-Key"].ToString(), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 100_000_000,
            TokensPerPeriod = 100_000_000,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        })));
}

var app = builder.Build();
if (limits)
{
    app.UseRateLimiter();
}

app.MapReverseProxy();
await app.StartAsync();
Console.WriteLine("listening " + app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
await app.WaitForShutdownAsync();
