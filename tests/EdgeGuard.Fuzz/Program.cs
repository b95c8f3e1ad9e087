using System.Globalization;
using EdgeGuard.Fuzz.Running;

// EdgeGuard.Fuzz list                                                                names of the targets
// EdgeGuard.Fuzz run TARGET [--seed N] [--seconds N] [--executions N] [--folder F]   changes inputs at random until one fails
// EdgeGuard.Fuzz repeat TARGET FILE                                                  reads one input again
const string Usage = "usage: EdgeGuard.Fuzz list | run TARGET [--seed N] [--seconds N] [--executions N] [--folder FOLDER] | repeat TARGET FILE";
switch (args)
{
    case ["list"]:
        foreach (var one in TargetRegistry.All)
        {
            Console.WriteLine(one.Name);
        }

        return 0;
    case ["repeat", var name, var file] when TargetRegistry.Find(name) is { } target:
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: outcome {target.Run(InputFile.Read(file))}, nothing failed"));
        return 0;
    case ["run", var name, .. var rest] when TargetRegistry.Find(name) is { } target && RunSettings.TryParse(rest, out var settings):
        return Run(target, settings);
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static int Run(IFuzzTarget target, RunSettings settings)
{
    using var input = new InputFile(Path.Combine(settings.Folder, $"{target.Name}.input"));
    var run = new FuzzRun(target, settings.Seed, input);

    // Before anything else: a process that is killed says no more.
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name}: seed {settings.Seed}, input in {input.Path}"));
    try
    {
        run.Run(settings.Time, settings.Executions);
    }
#pragma warning disable CA1031 // Whatever it is, it is what was looked for.
    catch (Exception failure)
#pragma warning restore CA1031
    {
        input.Keep();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name}: FAILED at input {run.Executions} of seed {settings.Seed}: {failure}"));
        Console.WriteLine($"the input: EdgeGuard.Fuzz repeat {target.Name} {input.Path}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"the run:   EdgeGuard.Fuzz run {target.Name} --seed {settings.Seed} --executions {run.Executions}"));
        return 1;
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name}: {run.Executions} inputs, {run.Outcomes} outcomes, nothing failed"));
    return 0;
}
