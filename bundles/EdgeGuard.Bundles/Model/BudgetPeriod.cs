namespace EdgeGuard.Bundles.Model;

/// <summary>Length of a budget's window. Values are part of counters' names: never renumber.</summary>
public enum BudgetPeriod : byte
{
    FiveMinutes = 1,
    Hour = 2,
    Day = 3,
    Week = 4,
    Month = 5,
    Custom = 6,
}
