using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Leases;

namespace EdgeGuard.ControlPlane.Tests.Leases;

/// <summary>What tests of the ledger ask it.</summary>
internal static class LedgerSamples
{
    /// <summary>2026-03-02 10:00:00 UTC, the start of an hour.</summary>
    public const long Hour = 1_772_445_600;

    public const string Budget = "api/per-tenant";

    public static readonly string Key = new('a', LeaseLimits.KeyLength);

    public static LeaseBudget Of(
        long units = 100, int slicePpm = 50_000, long quantum = 1, BudgetPeriod period = BudgetPeriod.Hour, string identity = "1", (string, long)? plan = null) => new()
        {
            Name = Budget,
            Identity = identity,
            Windows = new LeaseWindows(new BudgetWindow { Period = period }),
            Units = units,
            SlicePpm = slicePpm,
            Quantum = quantum,
            Plans = plan is { } more ? ImmutableDictionary<string, long>.Empty.Add(more.Item1, more.Item2) : ImmutableDictionary<string, long>.Empty,
        };

    public static LeaseTerms Terms(LeaseBudget budget, long epoch = 1) => new(epoch, ImmutableDictionary<string, LeaseBudget>.Empty.Add(budget.Name, budget));

    public static string Holder(int number) => number.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    public static LeaseRequest Request(int holder, params LeaseReport[] reports) => new(Holder(holder), Confirm: false, 0, [Budget], reports);

    public static LeaseReport Report(long granted = 0, long returned = 0, long spent = 0, bool wants = false, string? key = null, long window = Hour, string? tier = null) =>
        new(Budget, key ?? Key, tier, window, granted, returned, spent, wants);

    public static Task<LeaseOutcome> ExchangeAsync(ILeaseStore store, LeaseTerms terms, LeaseRequest request, long seconds, string? edge = null) =>
        LeaseLedger.ExchangeAsync(store, terms, edge ?? "edge-" + request.Holder, request, seconds * 1_000, CancellationToken.None);

    /// <summary>What a holder was granted of a key, by an answer.</summary>
    public static long GrantedIn(LeaseOutcome outcome) => outcome.Document!.Grants.SingleOrDefault()?.Total ?? 0;

    /// <summary>The share in force at a window, by an answer.</summary>
    public static int ShareIn(LeaseOutcome outcome, long window = Hour) =>
        outcome.Document!.Standing.Where(share => share.FirstWindow <= window && window <= share.LastWindow).Select(share => share.SharePpm).DefaultIfEmpty().Max();
}
