using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>Judges an exchange before the ledger sees it. What an edge of ours would never send is refused whole.</summary>
internal static class LeaseRequestCheck
{
    private const int MaxName = 300;

    /// <summary>What is wrong first, or null.</summary>
    public static string? Check(LeaseRequest request)
    {
        if (!IsHex(request.Holder, LeaseLimits.HolderLength))
        {
            return $"holder is not {LeaseLimits.HolderLength} hexadecimal digits";
        }

        if (request.AppliedEpoch < 0)
        {
            return "applied_epoch is negative";
        }

        if (request.Budgets is null || request.Budgets.Count > LeaseLimits.MaxBudgets || request.Budgets.Any(name => !IsName(name)))
        {
            return $"budgets are not at most {LeaseLimits.MaxBudgets} names";
        }

        if (request.Reports is null || request.Reports.Count > LeaseLimits.MaxReports)
        {
            return $"there are more than {LeaseLimits.MaxReports} reports";
        }

        if (request.Reports.Any(report => !IsValid(report)))
        {
            return "a report is not valid";
        }

        var keys = new HashSet<(string, string, long)>();
        return request.Reports.All(report => keys.Add((report.Budget, report.Key, report.Window))) ? null : "two reports are about one key and window";
    }

    private static bool IsValid(LeaseReport? report) => report is not null && IsName(report.Budget) && IsHex(report.Key, LeaseLimits.KeyLength) &&
        report.Tier is null or { Length: > 0 and <= MaxName } && report.Window is >= 0 and < LeaseTimes.End &&
        IsUnits(report.Granted) && IsUnits(report.Returned) && IsUnits(report.Spent);

    private static bool IsUnits(long units) => units is >= 0 and < LeaseLimits.UnitsEnd;

    private static bool IsName(string? name) => name is { Length: > 0 and <= MaxName };

    private static bool IsHex(string? text, int length) =>
        text is not null && text.Length == length && text.All(character => char.IsAsciiDigit(character) || character is >= 'a' and <= 'f');
}
