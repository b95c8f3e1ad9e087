namespace EdgeGuard.Identity.Agents;

/// <summary>What became of a signature.</summary>
/// <param name="Agent">Who signed, or null when refused.</param>
/// <param name="Failure">One of <see cref="AgentFailures"/>; empty when verified.</param>
/// <param name="CreatedAt">When it was signed, seconds since 1970.</param>
internal readonly record struct AgentVerdict(Agent? Agent, string Failure, long CreatedAt)
{
    public static AgentVerdict Verified(Agent agent, long createdAt) => new(agent, string.Empty, createdAt);

    public static AgentVerdict Refused(string failure) => new(null, failure, 0);
}
