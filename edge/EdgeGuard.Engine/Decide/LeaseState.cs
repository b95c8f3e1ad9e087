namespace EdgeGuard.Engine.Decide;

/// <summary>How an edge stands with a fleet-wide budget.</summary>
public enum LeaseState : byte
{
    /// <summary>The limit is not fleet-wide, or all of it is held here.</summary>
    None,

    /// <summary>More is to be had of the control plane when it is wanted.</summary>
    Held,

    /// <summary>Nothing is left anywhere until the window ends.</summary>
    Exhausted,

    /// <summary>Nothing may be spent: the control plane has not confirmed what this edge holds, or is silent and the rule says <c>on_unreachable: deny</c>.</summary>
    Closed,
}
