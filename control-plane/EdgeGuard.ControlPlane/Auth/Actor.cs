namespace EdgeGuard.ControlPlane.Auth;

/// <summary>Who acts, as the audit log names it.</summary>
/// <param name="Name"><c>user:ID</c>, <c>edge:ID</c> or <c>system:PART</c>; never an e-mail address.</param>
/// <param name="SourceHash">Keyed hash of the caller's address, or empty.</param>
internal sealed record Actor(string Name, string SourceHash)
{
    /// <summary>The process itself.</summary>
    public static Actor System(string part) => new("system:" + part, string.Empty);
}
