using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Hosting;

public sealed class ListenersTests
{
    [Fact]
    public async Task UnixSocket_OfADoor_IsForOwnerAndGroupWhateverTheUmask()
    {
        using var folder = new TempFolder();
        var path = folder.Combine("decision.sock");
        await using var edge = await EdgeUnderTest.StartAsync(
            TestBundles.Open(), options => options with { Listen = options.Listen with { Proxy = "off", Decision = "unix:" + path } });

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(path));
    }
}
