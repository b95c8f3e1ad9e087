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

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("off")]
    public async Task Doors_ThatAreOff_AreNotOpenedElsewhere(string decision)
    {
        // The framework's own address, which two cannot have.
        await using var one = await StartAsync(decision);
        await using var other = await StartAsync(decision);

        Assert.All(one.Host.Listening, entry => Assert.Equal("decision", entry.Door.Name));
        Assert.All(other.Host.Listening, entry => Assert.Equal("decision", entry.Door.Name));
    }

    private static Task<EdgeUnderTest> StartAsync(string decision) => EdgeUnderTest.StartAsync(
        TestBundles.Open(), options => options with { Listen = options.Listen with { Proxy = "off", Decision = decision, Probes = "off" } });
}
