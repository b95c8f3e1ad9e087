using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Engine.Answers;

/// <summary>Which policies say what the doors do with a request: of each matter the most specific one that says something, or <see cref="Decision.None"/>.</summary>
/// <param name="Headers">Security headers.</param>
/// <param name="Cors">Which pages may call.</param>
/// <param name="Limits">Bounds of the request.</param>
public readonly record struct DoorMatch(int Headers, int Cors, int Limits)
{
    /// <summary>The bundle alone.</summary>
    public static DoorMatch None { get; } = new(Decision.None, Decision.None, Decision.None);
}
