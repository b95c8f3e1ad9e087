namespace EdgeGuard.House.Tests.Repository;

internal static class Findings
{
    /// <summary>Fails with every finding, one a line, so that one run shows all there is to mend.</summary>
    public static void AssertNone(IEnumerable<Finding> findings)
    {
        string[] lines = [.. findings.Select(finding => finding.ToString()).Order(StringComparer.Ordinal)];
        Assert.True(lines.Length == 0, $"{lines.Length} findings:\n{string.Join('\n', lines)}");
    }
}
