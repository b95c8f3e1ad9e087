namespace EdgeGuard.Engine.Decide;

/// <summary>What happens to a request.</summary>
public enum Verdict : byte
{
    Allow,
    Reject,
}
