namespace EdgeGuard.Engine.Decide;

/// <summary>
/// Handle of an admitted request for what happens later: settle with actual usage, refund, release. A small struct; what it means is
/// known to <see cref="DecisionEngine"/> only. The default value is an admission that took nothing.
/// </summary>
public readonly struct Admission
{
    internal Admission(long token) => Token = token;

    /// <summary>Whether anything has to be told later.</summary>
    public bool IsEmpty => Token == 0;

    internal long Token { get; }
}
