namespace EdgeGuard.Bundles.Model;

/// <summary>How budgets are laid along the calendar.</summary>
public sealed record BudgetWindow
{
    public required BudgetPeriod Period { get; init; }

    /// <summary>Length of a <see cref="BudgetPeriod.Custom"/> window, aligned to the Unix epoch; zero otherwise.</summary>
    public TimeSpan Length { get; init; }

    /// <summary>IANA time zone that days, weeks and months begin in.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>First day of a <see cref="BudgetPeriod.Week"/>.</summary>
    public DayOfWeek WeekStart { get; init; } = DayOfWeek.Monday;
}
