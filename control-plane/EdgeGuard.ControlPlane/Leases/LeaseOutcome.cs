using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>What became of an exchange.</summary>
internal sealed record LeaseOutcome
{
    /// <summary>What to answer with, but for the salt; null when the exchange was refused.</summary>
    public LeaseDocument? Document { get; init; }

    /// <summary>The edge has documents of a later incarnation than this database is: it was restored and its epoch was not raised.</summary>
    public bool IsBehind { get; init; }

    /// <summary>The edge has as many holders as one may have.</summary>
    public bool TooManyHolders { get; init; }

    /// <summary>What to tell others at once: recalls.</summary>
    public IReadOnlyList<(LeaseHolder Holder, LeaseDocument Document)> Others { get; init; } = [];
}
