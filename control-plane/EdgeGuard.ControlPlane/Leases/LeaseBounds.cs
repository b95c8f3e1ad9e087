namespace EdgeGuard.ControlPlane.Leases;

/// <summary>What the ledger holds at most.</summary>
internal static class LeaseBounds
{
    /// <summary>Keys and windows of one budget that one holder can have; of further ones it gets its share only.</summary>
    public const int MaxHolds = 20_000;

    /// <summary>Holders of one edge whose windows are not over.</summary>
    public const int MaxHolders = 64;

    /// <summary>Holders that are asked to return something because of one exchange.</summary>
    public const int MaxRecalls = 256;

    /// <summary>Millionths of a budget that all standing shares together may have.</summary>
    public const int AllSharesPpm = 500_000;
}
