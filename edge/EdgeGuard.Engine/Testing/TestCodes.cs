namespace EdgeGuard.Engine.Testing;

/// <summary>Codes of the diagnostics of policy tests.</summary>
internal static class TestCodes
{
    /// <summary>A step gave another decision than expected.</summary>
    public const string StepFailed = "EG1401";
}
