namespace EdgeGuard.ControlPlane.Policies;

/// <summary>A push.</summary>
/// <param name="Text">YAML or JSON as sent.</param>
/// <param name="FileName">Name shown in findings.</param>
/// <param name="DryRun">Validate and compare only.</param>
/// <param name="ExpectedVersion">Version that the author believes to be in force, or null.</param>
/// <param name="Message">What people should know about it.</param>
internal sealed record PublishRequest(ReadOnlyMemory<byte> Text, string FileName, bool DryRun, long? ExpectedVersion, string Message);
