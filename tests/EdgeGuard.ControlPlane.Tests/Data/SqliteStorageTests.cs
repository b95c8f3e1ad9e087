using System.Text;
using EdgeGuard.ControlPlane.Tests.Support;

namespace EdgeGuard.ControlPlane.Tests.Data;

public sealed class SqliteStorageTests() : StorageTests(TestStorage.Sqlite)
{
    /// <summary>What is in the file is what a thief of the disk has: the log and the pages that SQLite has freed too.</summary>
    [Fact]
    public async Task Files_OfTheDatabase_HoldNothingThatIsEncryptedInIt()
    {
        await using var plane = await TestControlPlane.StartAsync();
        var organization = await plane.CreateOrganizationAsync();
        await organization.KillAsync("mallory-7731");
        using var _ = await organization.PostKillAsync("mallory-7732", reason: "seen at 3 a.m.");
        var credentials = await organization.CreateEdgeAsync("edge-of-the-test");

        var everything = new StringBuilder();
        foreach (var file in Directory.GetFiles(plane.Options.DataDir, "control-plane.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            everything.Append(Encoding.Latin1.GetString(bytes));
        }

        var text = everything.ToString();
        Assert.Contains("edge-of-the-test", text, StringComparison.Ordinal);
        Assert.All(
            ["admin@acme.example", "mallory-7731", "mallory-7732", organization.Token, credentials.EdgeToken, credentials.SigningKey![3..]],
            planted => Assert.DoesNotContain(planted, text, StringComparison.OrdinalIgnoreCase));
    }
}
