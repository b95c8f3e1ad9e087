namespace EdgeGuard.Engine.Decide;

/// <summary>Names of <see cref="Verdict"/>s in bundles, headers, logs and metrics.</summary>
public static class Verdicts
{
    private static readonly string[] Names = ["allow", "reject", "warn", "throttle"];

    /// <summary>Name on the wire.</summary>
    public static string Name(Verdict verdict) => Names[(int)verdict];
}
