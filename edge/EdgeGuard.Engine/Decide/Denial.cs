namespace EdgeGuard.Engine.Decide;

/// <summary>Why a rule refuses.</summary>
/// <param name="Reason">The reason; <see cref="Reason.None"/> for no denial.</param>
/// <param name="Rule">Index of the rule.</param>
/// <param name="WaitSeconds">Seconds until it could succeed; the most there are when waiting does not help.</param>
/// <param name="Deficit">Units missing from the limit.</param>
/// <param name="HasLimit">Whether the deficit says something.</param>
internal readonly record struct Denial(Reason Reason, int Rule, int WaitSeconds, ulong Deficit, bool HasLimit)
{
    /// <summary>Waiting does not help.</summary>
    public const int Never = int.MaxValue;
}
