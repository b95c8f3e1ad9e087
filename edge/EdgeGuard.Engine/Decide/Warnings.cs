namespace EdgeGuard.Engine.Decide;

/// <summary>Names of <see cref="Warning"/>s in headers, logs and metrics.</summary>
public static class Warnings
{
    private static readonly string[] Names = ["none", "budget_warn", "budget_throttle", "loop_warn", "loop_throttle"];

    /// <summary>Name on the wire.</summary>
    public static string Name(Warning warning) => Names[(int)warning];
}
