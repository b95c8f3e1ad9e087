using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Tests.Validation;

public sealed class KillSwitchSetTests
{
    [Fact]
    public void Set_WrittenAndRead_IsTheSame()
    {
        KillSwitchDefinition[] switches =
        [
            new() { Id = "a", ScopeKey = new DescriptorKey(DescriptorKind.Claim, "sub"), ScopeValue = "mallory \u00e9 \"x\"" },
            new()
            {
                Id = "b", ScopeKey = new DescriptorKey(DescriptorKind.IpAddress, string.Empty), ScopeValue = "192.0.2.1", Route = "/a", Reason = "leak", Status = 503,
                ExpiresAt = new DateTimeOffset(2030, 5, 1, 12, 0, 0, TimeSpan.Zero),
            },
        ];

        var (read, diagnostics) = BundleReader.ReadKillSwitches(BundleReader.WriteKillSwitches(switches), "kill");

        Assert.Empty(diagnostics);
        Assert.Equal(switches, read);
    }

    [Fact]
    public void Set_Empty_LiftsAll()
    {
        var (read, diagnostics) = BundleReader.ReadKillSwitches(BundleReader.WriteKillSwitches([]), "kill");

        Assert.Empty(diagnostics);
        Assert.Empty(read);
    }

    [Theory]
    [InlineData("{}", "EG1102")]
    [InlineData("[]", "EG1103")]
    [InlineData("""{"kill_switches": [{"scope_key": "header:x"}]}""", "EG1102")]
    [InlineData("""{"kill_switches": [{"scope_key": "llm:model", "scope_value": "a"}]}""", "EG1292")]
    [InlineData("""{"kill_switches": [{"scope_key": "header:x", "scope_value": "1", "rout": "/"}]}""", "EG1101")]
    public void Set_WithAMistake_GivesNoSwitches(string json, string code)
    {
        var (read, diagnostics) = BundleReader.ReadKillSwitches(Encoding.UTF8.GetBytes(json), "kill");

        Assert.Empty(read);
        Assert.Equal(code, Assert.Single(diagnostics).Code);
    }
}
