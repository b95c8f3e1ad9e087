using System.Globalization;

namespace EdgeGuard.ControlPlane.Tests.Leases;

/// <summary>The one promise of the ledger, over thousands of histories. A failing one prints its seed.</summary>
public sealed class LeasePropertyTests
{
    private const int Histories = 2_000;
    private const int Steps = 100;

    [Fact]
    public async Task Admitted_InAnyHistory_IsNeverMoreThanTheBudget()
    {
        var first = Environment.GetEnvironmentVariable("EDGEGUARD_TEST_SEED") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : Random.Shared.Next();
        var admitted = 0L;
        for (var history = 0; history < Histories; history++)
        {
            var seed = unchecked(first + history);
            var model = new LedgerModel(seed);
            try
            {
                await model.RunAsync(Steps);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {seed}", error);
            }

            admitted += model.Admitted;
        }

        Assert.True(admitted > 10 * Histories, $"seed {first}: nothing was admitted to speak of: {admitted}");
    }
}
