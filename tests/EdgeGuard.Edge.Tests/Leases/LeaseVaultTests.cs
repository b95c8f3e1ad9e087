using EdgeGuard.Edge.Counters;
using EdgeGuard.Edge.Leases;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Tests.Counters;
using EdgeGuard.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGuard.Edge.Tests.Leases;

/// <summary>Counters are believed to be those that leases were spent by only when that is proven.</summary>
public sealed class LeaseVaultTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestTimeProvider _time = new();
    private FakeBootClock _boot = new();

    [Fact]
    public void Load_AfterTheProcessDied_GivesWhatWasKept()
    {
        Run(vault => Assert.True(vault.TryKeep(Memory)));

        Run(vault => Assert.Equal((Memory.Holder, Memory.Salt, 3L), (vault.Load()!.Holder, vault.Load()!.Salt, vault.Load()!.Epoch)));
    }

    [Fact]
    public void Load_OfTheFirstStart_GivesNothing() => Run(vault => Assert.Null(vault.Load()));

    [Fact]
    public void Load_AfterAReboot_GivesNothing()
    {
        Run(vault => vault.TryKeep(Memory));
        _boot = new FakeBootClock { Boot = 99 };

        Run(vault => Assert.Null(vault.Load()));
    }

    [Fact]
    public void Load_WithCountersThatWereMadeAnew_GivesNothing()
    {
        Run(vault => vault.TryKeep(Memory));
        File.Delete(Counters);

        Run(vault => Assert.Null(vault.Load()));
    }

    [Fact]
    public void Load_WithAnEarlierCopyOfTheCountersInTheSameFile_GivesNothing()
    {
        Run(vault => vault.TryKeep(Memory));
        var copy = File.ReadAllBytes(Counters);
        Run(vault =>
        {
            vault.TryKeep(Memory with { Epoch = 4 });
            _time.Advance(TimeSpan.FromSeconds(10));
            vault.TryKeep(Memory with { Epoch = 5 });
        });
        using (var file = new FileStream(Counters, FileMode.Open))
        {
            file.Write(copy);
        }

        Run(vault => Assert.Null(vault.Load()));
    }

    [Fact]
    public void Load_OfATornFile_SetsItAside()
    {
        Run(vault => vault.TryKeep(Memory));
        File.WriteAllText(_folder.Combine("state", StateFiles.Leases), "{");

        Run(vault => Assert.Null(vault.Load()));
        Assert.True(File.Exists(_folder.Combine("state", StateFiles.Leases + ".set-aside")));
    }

    private static LeaseMemory Memory => new() { Holder = "0123456789abcdef0123456789abcdef", Salt = "AAAA", Epoch = 3 };

    private string Counters => _folder.Combine("state", StateFiles.Counters);

    public void Dispose() => _folder.Dispose();

    // As a process does that begins on the folder and ends.
    private void Run(Action<LeaseVault> use)
    {
        using var state = StateDirectory.Open(_folder.Combine("state"), ephemeral: false);
        using var store = CounterStore.Open(state, 1 << 20, _time, _boot);
        use(new LeaseVault(state, store.Table, _boot, _time, NullLogger<LeaseVault>.Instance));
    }
}
