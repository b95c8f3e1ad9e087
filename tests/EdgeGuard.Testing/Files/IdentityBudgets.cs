using System.Text.Json;

namespace EdgeGuard.Testing;

/// <summary>Bounds of <c>bench/identity-budgets.json</c> that tests hold the product to.</summary>
public static class IdentityBudgets
{
    /// <summary>One bound.</summary>
    public static double Of(string name)
    {
        using var budgets = JsonDocument.Parse(File.ReadAllBytes(RepositoryRoot.Combine("bench", "identity-budgets.json")));
        return budgets.RootElement.GetProperty(name).GetDouble();
    }
}
