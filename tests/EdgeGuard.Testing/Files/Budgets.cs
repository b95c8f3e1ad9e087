using System.Text.Json;

namespace EdgeGuard.Testing;

/// <summary>Bounds of <c>bench/budgets.json</c> that tests hold the product to.</summary>
public static class Budgets
{
    /// <summary>One bound.</summary>
    public static double Of(string name)
    {
        using var budgets = JsonDocument.Parse(File.ReadAllBytes(RepositoryRoot.Combine("bench", "budgets.json")));
        return budgets.RootElement.GetProperty(name).GetDouble();
    }
}
