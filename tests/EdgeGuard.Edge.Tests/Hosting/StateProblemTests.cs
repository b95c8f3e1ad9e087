using System.Net;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGuard.Edge.Tests.Hosting;

public sealed class StateProblemTests
{
    [Fact]
    public async Task StateDirectory_ThatCannotBeWritten_IsToldInTheLogAndKeepsReadinessOff()
    {
        using var log = new CollectedLog();
        await using var edge = await EdgeUnderTest.StartAsync(
            TestBundles.Open(),
            options => options with { StateDir = options.BundleFile, LogLevel = "warning" },
            new EdgeHostSettings { Services = services => services.AddSingleton<ILoggerProvider>(log) });

        var ready = await edge.Probes.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains(log.Lines, line => line.Contains("EG3102", StringComparison.Ordinal));
    }
}
