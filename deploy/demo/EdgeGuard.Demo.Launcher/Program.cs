using EdgeGuard.Demo.Launcher;
using EdgeGuard.Demo.Launcher.Smoke;
using EdgeGuard.Demo.Launcher.Stack;

// What run.sh starts after it has built everything: the demonstration, or with --smoke its proof.
DemoOptions? options = DemoOptions.Parse(args, out string message);
if (options is null)
{
    await Console.Error.WriteLineAsync(message);
    return 2;
}

try
{
    return options.Smoke ? await SmokeRun.RunAsync() : await InteractiveRun.RunAsync(options);
}
catch (DemoException problem)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 1;
}
