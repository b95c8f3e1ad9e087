using System.Buffers.Binary;
using EdgeGuard.Edge.Counters;
using EdgeGuard.Edge.State;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Counters;

public sealed class CounterStoreTests : IDisposable
{
    private const long Mebibyte = 1024 * 1024;

    private readonly TempFolder _folder = new();
    private readonly TestTimeProvider _wall = new();
    private readonly FakeBootClock _boot = new();
    private readonly CrashScenario _scenario = new(0);

    private string Path => _folder.Combine("state", "counters.dat");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_AfterARestart_GoesOnWithTheCounters()
    {
        Use((store, engine) => Assert.Equal(3, Admitted(store, engine, CrashKeys.FirstCold, 5)));
        Use((store, engine) =>
        {
            Assert.Equal(1, store.Table.Occupied);
            Assert.Equal(0, Admitted(store, engine, CrashKeys.FirstCold, 5));
        });
    }

    [Fact]
    public void Open_Ephemeral_KeepsNothing()
    {
        using var state = StateDirectory.Open(_folder.Combine("state"), ephemeral: true);
        using var store = CounterStore.Open(state, Mebibyte, _wall, _boot);
        Assert.False(store.IsPersistent);
        Assert.False(File.Exists(Path));
        Assert.Equal(3, Admitted(store, new DecisionEngine(store.Table), CrashKeys.FirstCold, 5));
    }

    [Fact]
    public void Create_AnySize_AllocatesEveryBlock()
    {
        Use((store, engine) => Assert.True(store.IsPersistent));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.False(File.Exists(Path + ".tmp"));
    }

    [Fact]
    public void Open_BytesThatThereIsNoRoomFor_CountsInMemoryAndIsNotReady()
    {
        using var state = StateDirectory.Open(_folder.Combine("state"), ephemeral: false);

        // A directory in its place stands for a disk that has no room: both are an error of the first call.
        Directory.CreateDirectory(Path + ".tmp");
        using var store = CounterStore.Open(state, Mebibyte, _wall, _boot);
        Assert.False(store.IsPersistent);
        Assert.False(state.IsReady);
        Assert.Equal("EG3106", Assert.Single(state.Problems).Code);
    }

    [Fact]
    public void Fill_MoreThanTheVolumeHas_IsAnErrorAndNoSignal()
    {
        using var file = File.OpenHandle(_folder.Combine("large"), FileMode.CreateNew, FileAccess.ReadWrite);
        var failure = Assert.Throws<IOException>(() => Preallocation.Fill(file, 1L << 60));
        Assert.Contains("no room", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileWithHoles_FillsThemFirst()
    {
        Use((store, engine) => Assert.Equal(3, Admitted(store, engine, CrashKeys.FirstCold, 5)));
        var bytes = File.ReadAllBytes(Path);
        File.Delete(Path);
        using (var sparse = new FileStream(Path, FileMode.CreateNew))
        {
            sparse.SetLength(bytes.Length);
            for (var page = 0; page < bytes.Length; page += 4096)
            {
                if (bytes.AsSpan(page, 4096).ContainsAnyExcept((byte)0))
                {
                    sparse.Position = page;
                    sparse.Write(bytes, page, 4096);
                }
            }
        }

        Use((store, engine) => Assert.Equal(0, Admitted(store, engine, CrashKeys.FirstCold, 5)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(8192)]
    public void Open_ForeignFile_SetsItAsideAndStartsAnew(int length)
    {
        Use((_, _) => { });
        var content = new byte[length];
        content.AsSpan().Fill((byte)'x');
        File.WriteAllBytes(Path, content);
        ExpectSetAside("was not written by this product", 1);
        Assert.Equal(content, File.ReadAllBytes(Path + ".set-aside-1").AsSpan(0, length));
    }

    [Fact]
    public void Open_OlderFormat_SetsItAsideAndDeletesNothing()
    {
        Use((_, _) => { });
        Patch(8, 1);
        ExpectSetAside("another format", 1);
        Patch(8, 77);
        ExpectSetAside("another format", 2);
        Assert.True(File.Exists(Path + ".set-aside-1"));
    }

    [Fact]
    public void Open_HeaderThatDoesNotFitItsChecksum_SetsItAside()
    {
        Use((_, _) => { });
        Patch(16, 12345);
        ExpectSetAside("torn", 1);
    }

    [Fact]
    public void Open_ShorterOrLongerThanItsHeaderSays_SetsItAside()
    {
        Use((_, _) => { });
        using (var file = new FileStream(Path, FileMode.Open))
        {
            file.SetLength(file.Length - 4096);
        }

        ExpectSetAside("as long as its header", 1);
    }

    [Fact]
    public void Open_CellThatNobodyWrites_SetsTheFileAside()
    {
        Use((_, _) => { });

        // The last cell of the file, an overflow cell: a key, and a generation that was never given out.
        using (var file = new FileStream(Path, FileMode.Open))
        {
            file.Position = file.Length - 32;
            file.Write([1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 99, 0, 0, 0, 1]);
        }

        ExpectSetAside("torn", 1);
    }

    [Fact]
    public void Open_FileInUse_IsRefused()
    {
        using var state = StateDirectory.Open(_folder.Combine("state"), ephemeral: false);
        using var store = CounterStore.Open(state, Mebibyte, _wall, _boot);
        var failure = Assert.Throws<StateException>(() => CounterStore.Open(state, Mebibyte, _wall, _boot));
        Assert.Equal("EG3107", failure.Diagnostic.Code);
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(16, 1)]
    public void Open_WithAnotherSize_CarriesTheCountersOver(int from, int to)
    {
        Use(
            (store, engine) =>
            {
                for (var key = CrashKeys.FirstCold; key < CrashKeys.FirstCold + 500; key++)
                {
                    Assert.Equal(2, Admitted(store, engine, key, 2));
                }
            },
            from * Mebibyte);
        Use(
            (store, engine) =>
            {
                Assert.Equal(to * Mebibyte / 32, store.Table.Capacity);
                Assert.Equal(500, store.Table.Occupied);
                for (var key = CrashKeys.FirstCold; key < CrashKeys.FirstCold + 500; key++)
                {
                    Assert.Equal(1, Admitted(store, engine, key, 2));
                }
            },
            to * Mebibyte);
        Assert.False(File.Exists(Path + ".tmp"));
    }

    [Fact]
    public void Open_SmallerThanWhatIsAlive_KeepsTheSizeAndTheCounters()
    {
        const int Alive = 30_000;
        Use(
            (store, engine) =>
            {
                for (var key = CrashKeys.FirstCold; key < CrashKeys.FirstCold + Alive; key++)
                {
                    Admitted(store, engine, key, 3);
                }
            },
            16 * Mebibyte);
        using var state = StateDirectory.Open(_folder.Combine("state"), ephemeral: false);
        using var store = CounterStore.Open(state, Mebibyte, _wall, _boot);
        Assert.Equal("EG3109", Assert.Single(state.Problems).Code);
        Assert.Equal(16 * Mebibyte / 32, store.Table.Capacity);
        Assert.Equal(0, Admitted(store, new DecisionEngine(store.Table), CrashKeys.FirstCold + Alive - 1, 3));
    }

    private void Use(Action<CounterStore, DecisionEngine> use, long memory = Mebibyte)
    {
        using var state = StateDirectory.Open(_folder.Combine("state"), ephemeral: false);
        using var store = CounterStore.Open(state, memory, _wall, _boot);
        Assert.True(store.IsPersistent);
        Assert.Empty(state.Problems);
        use(store, new DecisionEngine(store.Table));
    }

    private int Admitted(CounterStore store, DecisionEngine engine, int key, int requests) =>
        Enumerable.Range(0, requests).Count(_ => _scenario.Decide(engine, key, store.Clock.Now).Verdict == Verdict.Allow);

    private void ExpectSetAside(string why, int number)
    {
        using var state = StateDirectory.Open(_folder.Combine("state"), ephemeral: false);
        using var store = CounterStore.Open(state, Mebibyte, _wall, _boot);
        var problem = Assert.Single(state.Problems);
        Assert.Equal("EG3108", problem.Code);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
        Assert.True(File.Exists($"{Path}.set-aside-{number}"));
        Assert.True(state.IsReady);
        Assert.True(store.IsPersistent);
        Assert.Equal(0, store.Table.Occupied);
    }

    private void Patch(int offset, uint value)
    {
        using var file = new FileStream(Path, FileMode.Open);
        file.Position = offset;
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        file.Write(bytes);
    }
}
