using System.Globalization;
using EdgeGuard.Bench.Load.Comparing;
using EdgeGuard.Bench.Load.Options;
using EdgeGuard.Bench.Load.Reports;
using EdgeGuard.Bench.Load.Requests;
using EdgeGuard.Bench.Load.Streams;

try
{
    return args switch
    {
        ["tokens", var folder, var count] => TokenCommand.Run(folder, int.Parse(count, CultureInfo.InvariantCulture), TimeProvider.System),
        ["ports", var count] => PortCommand.Run(int.Parse(count, CultureInfo.InvariantCulture), Console.Out),
        ["compare", var folder, .. var settings] => CompareCommand.Run(folder, settings, Console.Error),
        ["streams", var port, var edge] => StreamCommand.Run(int.Parse(port, CultureInfo.InvariantCulture), new Uri(edge), StreamPlan.Usual, TimeProvider.System, Console.Out),
        ["report", var runs] => ReportCommand.Run(runs, Console.Out),
        [] or ["--help"] or ["-h"] => Help(),
        _ => LoadCommand.Run(LoadOptions.Read(args), Console.Out),
    };
}
catch (Exception problem) when (problem is FormatException or OverflowException or ArgumentException)
{
    Console.Error.WriteLine(problem.Message);
    return 2;
}
catch (IOException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}

static int Help()
{
    Console.WriteLine(LoadOptions.Usage);
    return 0;
}
