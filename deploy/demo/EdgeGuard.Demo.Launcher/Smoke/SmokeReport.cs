namespace EdgeGuard.Demo.Launcher.Smoke;

/// <summary>One line a check, with what it saw.</summary>
internal sealed class SmokeReport
{
    public int Passed { get; private set; }

    public int Failed { get; private set; }

    /// <summary>Runs a check that says what it saw, and throws when that is not what it should be. The run goes on either way.</summary>
    public async Task CheckAsync(string name, Func<Task<string>> check)
    {
        try
        {
            string seen = await check();
            Passed++;
            Console.WriteLine($"ok   {name}: {seen}");
        }
        catch (Exception problem)
        {
            Failed++;
            Console.WriteLine($"FAIL {name}: {problem.Message}");
        }
    }

    /// <summary>Throws, with what was expected, unless it is true.</summary>
    public static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new DemoException(problem);
        }
    }
}
