namespace EdgeGuard.Engine.Tests.Support;

/// <summary>Seeds of random tests: printed, and set by hand to repeat a failure.</summary>
internal static class Seeds
{
    public static Random Next(out int seed, int? repeat = null)
    {
        seed = repeat ?? Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
