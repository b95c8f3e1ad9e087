namespace EdgeGuard.Engine.Compile;

/// <summary>What a limit belongs to.</summary>
/// <param name="Policy">Index of the policy.</param>
/// <param name="Rule">Index of the rule, or -1 for a guard of the policy.</param>
/// <param name="Name">Name within the rule, or empty.</param>
/// <param name="Role">Place within the rule.</param>
/// <param name="Variant">Which of a rule's sets of numbers it is; see <see cref="CompiledLimit.Variant"/>.</param>
internal readonly record struct LimitOwner(int Policy, int Rule, string Name, int Role, string Variant = "")
{
    /// <summary>The variant of a limit on trial; no plan can be named so.</summary>
    public const string Trial = "/trial";

    /// <summary>Whether it is on trial.</summary>
    public bool IsTrial => Variant == Trial;
}
