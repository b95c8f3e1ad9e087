using System.Text;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Edge.State;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.State;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Root => _folder.Combine("state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_NewDirectory_IsPrivateAndPersistent()
    {
        using var state = StateDirectory.Open(Root, ephemeral: false);

        Assert.True(state.IsPersistent);
        Assert.True(state.IsReady);
        Assert.Empty(state.Problems);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Root));
    }

    [Fact]
    public void Write_File_IsPrivateAndReadBackAfterReopening()
    {
        using (var state = StateDirectory.Open(Root, ephemeral: false))
        {
            state.Write(StateFiles.KillSwitches, "first"u8);
            state.Write(StateFiles.KillSwitches, "second"u8);
        }

        using var reopened = StateDirectory.Open(Root, ephemeral: false);
        Assert.Equal("second", Encoding.UTF8.GetString(reopened.Read(StateFiles.KillSwitches)!));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Root, StateFiles.KillSwitches)));
        Assert.False(File.Exists(Path.Combine(Root, StateFiles.KillSwitches + ".tmp")));
    }

    [Fact]
    public void Write_LeftoverOfACrash_IsReplaced()
    {
        using var state = StateDirectory.Open(Root, ephemeral: false);
        File.WriteAllText(Path.Combine(Root, StateFiles.HighWater + ".tmp"), "half");

        state.RaiseHighWater(DocumentType.Bundle, new HighWaterMark("line", 1, 2));

        Assert.Equal(new HighWaterMark("line", 1, 2), state.HighWater(DocumentType.Bundle));
    }

    [Fact]
    public void Open_SecondOwner_IsRefusedWithWhatToDo()
    {
        using var first = StateDirectory.Open(Root, ephemeral: false);

        var refused = Assert.Throws<StateException>(() => StateDirectory.Open(Root, ephemeral: false));

        Assert.Equal(StateCodes.OwnedByAnother, refused.Diagnostic.Code);
        Assert.Contains("EDGEGUARD_STATE_DIR", refused.Diagnostic.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AfterOwnerIsGone_Succeeds()
    {
        StateDirectory.Open(Root, ephemeral: false).Dispose();

        using var second = StateDirectory.Open(Root, ephemeral: false);
        Assert.True(second.IsPersistent);
    }

    [Fact]
    public void Open_UnwritablePath_IsMemoryAndNotReady()
    {
        var file = _folder.Write("file", "not a directory");

        using var state = StateDirectory.Open(Path.Combine(file, "state"), ephemeral: false);
        state.Write("x", "y"u8);

        Assert.False(state.IsPersistent);
        Assert.False(state.IsReady);
        Assert.Equal(StateCodes.NotWritable, Assert.Single(state.Problems).Code);
        Assert.Equal("y"u8.ToArray(), state.Read("x"));
    }

    [Fact]
    public void Open_Ephemeral_IsReadyAndTouchesNothing()
    {
        using var state = StateDirectory.Open(Root, ephemeral: true);
        state.RaiseHighWater(DocumentType.Bundle, new HighWaterMark("line", 0, 7));

        Assert.True(state.IsReady);
        Assert.False(state.IsPersistent);
        Assert.False(Directory.Exists(Root));
        Assert.Equal(7, state.HighWater(DocumentType.Bundle).Sequence);
    }

    [Fact]
    public void HighWater_Raised_SurvivesReopeningByType()
    {
        using (var state = StateDirectory.Open(Root, ephemeral: false))
        {
            state.RaiseHighWater(DocumentType.Bundle, new HighWaterMark("line", 3, 9));
            state.RaiseHighWater(DocumentType.KillSwitches, new HighWaterMark("line", 3, 4));
        }

        using var reopened = StateDirectory.Open(Root, ephemeral: false);
        Assert.Equal(new HighWaterMark("line", 3, 9), reopened.HighWater(DocumentType.Bundle));
        Assert.Equal(new HighWaterMark("line", 3, 4), reopened.HighWater(DocumentType.KillSwitches));
        Assert.Equal(HighWaterMark.None, reopened.HighWater(DocumentType.Revocations));
    }

    [Theory]
    [InlineData(2, 99)]
    [InlineData(3, 8)]
    public void RaiseHighWater_Lower_ChangesNothing(long epoch, long sequence)
    {
        using var state = StateDirectory.Open(Root, ephemeral: false);
        state.RaiseHighWater(DocumentType.Bundle, new HighWaterMark("line", 3, 9));

        state.RaiseHighWater(DocumentType.Bundle, new HighWaterMark("line", epoch, sequence));

        Assert.Equal(new HighWaterMark("line", 3, 9), state.HighWater(DocumentType.Bundle));
    }

    [Fact]
    public void HighWater_TornAtEveryLength_IsSetAsideAndNeverHalfRead()
    {
        using (var state = StateDirectory.Open(Root, ephemeral: false))
        {
            state.RaiseHighWater(DocumentType.Bundle, new HighWaterMark("line", 3, 9));
        }

        var path = Path.Combine(Root, StateFiles.HighWater);
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            using var state = StateDirectory.Open(Root, ephemeral: false);

            Assert.Equal(HighWaterMark.None, state.HighWater(DocumentType.Bundle));
            Assert.Equal(StateCodes.FileSetAside, Assert.Single(state.Problems).Code);
            Assert.True(File.Exists(path + ".set-aside"));
            Assert.False(File.Exists(path));
        }
    }

    [Fact]
    public void HighWater_OneByteChanged_IsSetAside()
    {
        using (var state = StateDirectory.Open(Root, ephemeral: false))
        {
            state.RaiseHighWater(DocumentType.Bundle, new HighWaterMark("line", 3, 9));
        }

        var path = Path.Combine(Root, StateFiles.HighWater);
        var bytes = File.ReadAllBytes(path);
        bytes[^5] ^= 1;
        File.WriteAllBytes(path, bytes);

        using var reopened = StateDirectory.Open(Root, ephemeral: false);
        Assert.Equal(HighWaterMark.None, reopened.HighWater(DocumentType.Bundle));
    }

    [Fact]
    public void Open_SharedFolderWithOtherContent_WarnsAndKeepsItsMode()
    {
        const UnixFileMode Shared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead;
        Directory.CreateDirectory(Root, Shared);
        File.SetUnixFileMode(Root, Shared);
        File.WriteAllText(Path.Combine(Root, "of-somebody-else"), string.Empty);

        using var state = StateDirectory.Open(Root, ephemeral: false);

        Assert.Equal(StateCodes.OpenToOthers, Assert.Single(state.Problems).Code);
        Assert.Equal(Shared, File.GetUnixFileMode(Root));
        Assert.True(state.IsPersistent);
    }

    [Fact]
    public void Write_DirectoryGone_SaysSoAndKeepsGoing()
    {
        using var state = StateDirectory.Open(Root, ephemeral: false);
        Directory.Delete(Root, recursive: true);

        var refused = Assert.Throws<StateException>(() => state.Write("x", "y"u8));

        Assert.Equal(StateCodes.WriteFailed, refused.Diagnostic.Code);
        Assert.Equal(StateCodes.WriteFailed, Assert.Single(state.Problems).Code);
    }
}
