using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Options.Binding;
using EdgeGuard.Options.Definitions;
using EdgeGuard.Options.Reading;

namespace EdgeGuard.Options;

/// <summary>
/// Loads options: defaults, then the file, then the environment, then flags; the later one wins. Edge, control plane and CLI read them by
/// this very code. All problems are found at once.
/// </summary>
public static class OptionsLoader
{
    /// <summary>Loads the options of an edge.</summary>
    /// <param name="args">The command line without the program's name.</param>
    /// <param name="environment">All environment variables; only those that begin with <c>EDGEGUARD_</c> are looked at.</param>
    /// <param name="readFile">Reads a file, or gives null when it cannot be read.</param>
    public static OptionsResult<EdgeOptions> LoadEdge(
        string[] args, IReadOnlyDictionary<string, string> environment, Func<string, byte[]?> readFile)
    {
        var values = Load(EdgeOptionTable.Table, ControlPlaneOptionTable.Table, args, environment, readFile);
        var options = EdgeBinder.Bind(values);
        EdgeChecks.Run(options, values);
        return Result(options, values);
    }

    /// <summary>Loads the options of a control plane.</summary>
    /// <inheritdoc cref="LoadEdge" path="/param"/>
    public static OptionsResult<ControlPlaneOptions> LoadControlPlane(
        string[] args, IReadOnlyDictionary<string, string> environment, Func<string, byte[]?> readFile)
    {
        var values = Load(ControlPlaneOptionTable.Table, EdgeOptionTable.Table, args, environment, readFile);
        var options = ControlPlaneBinder.Bind(values);
        ControlPlaneChecks.Run(options, values);
        return Result(options, values);
    }

    private static OptionsResult<T> Result<T>(T options, OptionValues values)
        where T : class
    {
        var problems = values.Problems.ToImmutableArray();
        return new OptionsResult<T>(
            problems.Any(problem => problem.Severity == Severity.Error) ? null : options, problems, values.Effective());
    }

    private static OptionValues Load(
        OptionTable table, OptionTable other, string[] args, IReadOnlyDictionary<string, string> environment, Func<string, byte[]?> readFile)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(readFile);
        var flags = FlagSource.Read(table, args, out var configFlag);
        var variables = EnvironmentSource.Read(table, other, environment);
        var configVariable = environment.GetValueOrDefault(table.ConfigVariable);
        var named = configFlag ?? (string.IsNullOrEmpty(configVariable) ? null : configVariable);
        var fileName = named ?? table.DefaultFile;
        var text = readFile(fileName);
        var file = text is null ? new OptionSource() : FileSource.Read(table, text, fileName);
        if (text is null && named is not null)
        {
            var place = new SourceLocation(configFlag is null ? table.ConfigVariable : OptionTable.ConfigFlag, 0, 0);
            file.Refuse(OptionsCodes.FileUnreadable, place, string.Empty, $"the options file `{fileName}` cannot be read",
                "check the path and that this user may read it");
        }

        return OptionValues.Merge(table, [file, variables, flags], readFile);
    }
}
