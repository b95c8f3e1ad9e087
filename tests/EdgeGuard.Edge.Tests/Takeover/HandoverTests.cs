using System.Net.Sockets;
using EdgeGuard.Edge.Counters;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGuard.Edge.Tests.Takeover;

public sealed class HandoverTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NewProcess_GoesAwayBeforeItListens_EverythingIsTakenBack(bool ready)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        var state = edge.Host.Services.GetRequiredService<StateDirectory>();
        var listeners = edge.Host.Services.GetRequiredService<SharedListeners>();
        using (var inheritance = await AskAsync(edge))
        {
            Assert.NotNull(inheritance.Listener("proxy", "127.0.0.1:0"));
            Assert.Null(inheritance.Listener("proxy", "127.0.0.1:1"));
            Assert.True(state.IsSuspended);
            if (ready)
            {
                await inheritance.ReadyAsync().Within("the pause");
                Assert.True(listeners.IsPaused);
            }
        }

        await Eventually.TrueAsync(() => !state.IsSuspended && !listeners.IsPaused);
        Assert.Equal(200, (int)(await edge.GetAsync("/a")).StatusCode);
        using var again = await AskAsync(edge);
    }

    [Fact]
    public async Task NewProcess_ThatTakesTooLong_IsToldSo_AndEverythingIsTakenBack()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var time = new TestTimeProvider(TimeProvider.System.GetUtcNow());
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(), settings: new EdgeHostSettings
        {
            Services = services => services.AddSingleton(provider => new Handover(
                provider.GetRequiredService<StateDirectory>(), provider.GetRequiredService<CounterStore>(), provider.GetRequiredService<SharedListeners>(),
                provider.GetRequiredService<DecisionRecorder>(), new SessionLink(), provider.GetRequiredService<Ownership>(),
                NullLogger<Handover>.Instance)
            { Time = time }),
        });
        var state = edge.Host.Services.GetRequiredService<StateDirectory>();
        using var inheritance = await AskAsync(edge);
        time.Advance(TimeSpan.FromSeconds(61));
        await Eventually.TrueAsync(() => !state.IsSuspended);
        var problem = await Assert.ThrowsAsync<StartException>(() => inheritance.ReadyAsync().Within("the answer"));

        Assert.Equal((ExitCode.Refused, TakeoverCodes.BrokenOff), (problem.Code, Assert.Single(problem.Diagnostics).Code));
        Assert.Equal(200, (int)(await edge.GetAsync("/a")).StatusCode);
    }

    [Fact]
    public async Task NewProcess_OfAnotherUser_IsRefused()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(), settings: new EdgeHostSettings
        {
            Services = services => services.AddSingleton(provider => new Handover(
                provider.GetRequiredService<StateDirectory>(), provider.GetRequiredService<CounterStore>(), provider.GetRequiredService<SharedListeners>(),
                provider.GetRequiredService<DecisionRecorder>(), new SessionLink(), provider.GetRequiredService<Ownership>(),
                NullLogger<Handover>.Instance)
            { User = Descriptors.OwnUser + 1 }),
        });
        var problem = await Assert.ThrowsAsync<StartException>(() => AskAsync(edge));

        Assert.Equal((ExitCode.Refused, TakeoverCodes.Refused), (problem.Code, Assert.Single(problem.Diagnostics).Code));
        Assert.Contains("403", problem.Diagnostics[0].Message, StringComparison.Ordinal);
        Assert.False(edge.Host.Services.GetRequiredService<StateDirectory>().IsSuspended);
    }

    [Fact]
    public async Task NewProcess_ThatSpeaksAnotherVersion_IsRefused()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        var answer = await RawHttp.SendAsync(
            new UnixDomainSocketEndPoint(edge.Folder.Combine("admin.sock")),
            "POST /takeover HTTP/1.1\r\nHost: edge\r\nConnection: close, Upgrade\r\nUpgrade: edgeguard-takeover/0\r\nContent-Length: 0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 426 ", answer, StringComparison.Ordinal);
        Assert.False(edge.Host.Services.GetRequiredService<StateDirectory>().IsSuspended);
    }

    [Fact]
    public void Nobody_ToTakeOverFrom_IsTold()
    {
        using var folder = new TempFolder();
        var problem = Assert.Throws<StartException>(() => Inheritance.Ask(folder.Combine("admin.sock")));

        Assert.Equal((ExitCode.Unreachable, TakeoverCodes.Nobody), (problem.Code, Assert.Single(problem.Diagnostics).Code));
    }

    [Fact]
    public void Counters_OfAnotherFormat_AreNotShared()
    {
        using var folder = new TempFolder();
        var handle = File.OpenHandle(folder.Write("counters.dat", new string('x', 65536)), FileMode.Open, FileAccess.ReadWrite);
        var problem = Assert.Throws<StateException>(() => CounterStore.Share(handle, TimeProvider.System, LinuxBootClock.TryCreate()!));

        Assert.Equal(StateCodes.CountersNotShared, problem.Diagnostic.Code);
    }

    private static Task<Inheritance> AskAsync(EdgeUnderTest edge) =>
        Task.Run(() => Inheritance.Ask(edge.Folder.Combine("admin.sock"))).Within("the descriptors");
}
