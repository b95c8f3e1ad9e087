namespace EdgeGuard.Testing.Attacks;

/// <summary>One hostile request: what it sends as Authorization, and why it is to be refused.</summary>
/// <param name="Name">Unique; says what is tried.</param>
/// <param name="Failure">The expected word.</param>
/// <param name="Make">The token, or with <paramref name="IsWholeHeader"/> the whole value of the header.</param>
/// <param name="IsWholeHeader">Whether <paramref name="Make"/> writes the scheme itself.</param>
/// <param name="FitsHttp">Whether HTTP can carry it at all.</param>
public sealed record TokenAttack(string Name, string Failure, Func<AttackScene, string> Make, bool IsWholeHeader = false, bool FitsHttp = true)
{
    /// <summary>The value of the header.</summary>
    public string Header(AttackScene scene)
    {
        ArgumentNullException.ThrowIfNull(scene);
        return (IsWholeHeader ? string.Empty : "Bearer ") + Make(scene);
    }

    public override string ToString() => Name;
}
