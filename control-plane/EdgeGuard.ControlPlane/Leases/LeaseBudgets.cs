using System.Collections.Concurrent;
using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Leases;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>The fleet-wide budgets of an organization's newest bundle, by the compiler of the edge. A version is compiled once: it never changes.</summary>
internal sealed class LeaseBudgets(Database database) : IDisposable
{
    private const double PpmInPercent = LeaseLimits.Whole / 100.0;

    /// <summary>Counter units in a unit of a budget: less is of use to no request that costs a whole one.</summary>
    private const long WholeUnit = 1_000_000;

    private readonly ConcurrentDictionary<string, (long Version, ImmutableDictionary<string, LeaseBudget> Budgets)> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _reading = new(1, 1);

    /// <summary>Budgets by name; none before the first bundle.</summary>
    public async Task<ImmutableDictionary<string, LeaseBudget>> CurrentAsync(string organizationId, CancellationToken cancellation)
    {
        await using var rows = database.Open(OrganizationScope.For(organizationId));
        var version = await rows.BundleVersions.MaxAsync(row => (long?)row.Version, cancellation) ?? 0;
        if (version == 0)
        {
            return ImmutableDictionary<string, LeaseBudget>.Empty;
        }

        if (Find(organizationId, version) is { } known)
        {
            return known;
        }

        // One at a time: a fleet that takes a new bundle asks all at once, and a large one takes a second to compile.
        await _reading.WaitAsync(cancellation);
        try
        {
            if (Find(organizationId, version) is { } meanwhile)
            {
                return meanwhile;
            }

            var row = await rows.BundleVersions.AsNoTracking().SingleAsync(bundle => bundle.Version == version, cancellation);
            var document = BundleReader.Read(row.Document, "bundle", ValidationContext.Unknown).Document;
            var budgets = document is null ? ImmutableDictionary<string, LeaseBudget>.Empty : Of(document, row.Digest);
            _known[organizationId] = (version, budgets);
            return budgets;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>The fleet-wide budgets of a document.</summary>
    public static ImmutableDictionary<string, LeaseBudget> Of(PolicyDocument document, string digest)
    {
        var identities = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var policy in document.Policies)
        {
            foreach (var rule in policy.FallbackLimit is { } fallback ? policy.Rules.Add(fallback) : policy.Rules)
            {
                if (rule is { Lease: not null, Algorithm: CostBasedDefinition { Window: var window } })
                {
                    identities[$"{policy.Id}/{rule.Name}"] = string.Join(
                        ' ', [window.Period.ToString(), window.Length.ToString(), window.TimeZone, window.WeekStart.ToString(), .. rule.LimitKeys.Select(key => key.ToString())]);
                }
            }
        }

        return identities.Count == 0
            ? ImmutableDictionary<string, LeaseBudget>.Empty
            : FleetBudgets.Of(PolicyCompiler.Compile(document, digest)).GroupBy(budget => budget.Name, StringComparer.Ordinal)
                .Select(plans => Of(plans.Key, identities.GetValueOrDefault(plans.Key, string.Empty), [.. plans]))
                .OfType<LeaseBudget>().ToImmutableDictionary(budget => budget.Name, StringComparer.Ordinal);
    }

    /// <inheritdoc />
    public void Dispose() => _reading.Dispose();

    private static LeaseBudget? Of(string name, string identity, List<FleetBudget> plans)
    {
        try
        {
            var own = plans.Find(plan => plan.Tier is null) ?? plans[0];
            return new LeaseBudget
            {
                Name = name,
                Identity = identity,
                Windows = new LeaseWindows(own.Window),
                Units = own.Units,
                Plans = plans.Where(plan => plan.Tier is not null).ToImmutableDictionary(plan => plan.Tier!, plan => plan.Units, StringComparer.Ordinal),
                SlicePpm = (int)Math.Clamp(own.Lease.SlicePercent * PpmInPercent, 1, LeaseLimits.Whole),
                Quantum = WholeUnit,
            };
        }
        catch (Exception error) when (error is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            // Edges that know the zone get nothing of this budget: better than other windows than theirs.
            return null;
        }
    }

    private ImmutableDictionary<string, LeaseBudget>? Find(string organizationId, long version) =>
        _known.TryGetValue(organizationId, out var known) && known.Version == version ? known.Budgets : null;
}
