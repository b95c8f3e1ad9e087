using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Fleet.Tests.Simulation;

/// <summary>The one policy of a simulated fleet.</summary>
internal static class Documents
{
    public static readonly DescriptorKey Team = new(DescriptorKind.Header, "team");

    public static PolicyDocument Of(long budget, BudgetPeriod period) => new()
    {
        Format = DocumentFormat.Native,
        BundleVersion = 1,
        Policies =
        [
            new PolicyDefinition
            {
                Id = "p",
                Selector = new SelectorDefinition { PathPrefix = "/" },
                Rules =
                [
                    new RuleDefinition
                    {
                        Name = "spend",
                        LimitKeys = [Team],
                        Algorithm = new CostBasedDefinition
                        {
                            Budget = budget,
                            Window = new BudgetWindow { Period = period },
                            Actions = [new StagedAction(100, StagedActionKind.Reject, 0)],
                        },
                        Lease = new LeaseDefinition(),
                    },
                ],
            },
        ],
    };
}
