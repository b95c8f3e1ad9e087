using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Options.Definitions;

namespace EdgeGuard.Options.Reading;

/// <summary>Options from the command line: <c>--key value</c> or <c>--key=value</c>, <c>-</c> and <c>_</c> alike.</summary>
internal static class FlagSource
{
    public static OptionSource Read(OptionTable table, IReadOnlyList<string> args, out string? configFile)
    {
        var source = new OptionSource();
        configFile = null;
        for (var index = 0; index < args.Count; index++)
        {
            var arg = args[index];
            if (!arg.StartsWith("--", StringComparison.Ordinal) || arg.Length == 2)
            {
                source.Refuse(OptionsCodes.FlagSyntax, SourceLocation.None, string.Empty, $"unexpected argument `{Shorten(arg)}`",
                    "options are given as --key value or --key=value");
                continue;
            }

            var equals = arg.IndexOf('=', StringComparison.Ordinal);
            var flag = equals < 0 ? arg : arg[..equals];
            var isConfig = flag == OptionTable.ConfigFlag;
            var option = isConfig ? null : Find(table, flag, out _, out _);
            if (!isConfig && option is null)
            {
                RefuseUnknown(table, flag, source);
                index += equals < 0 && HasValue(args, index) ? 1 : 0;
                continue;
            }

            string? value = equals < 0 ? null : arg[(equals + 1)..];
            if (value is null && option is { Kind: OptionKind.Boolean } && !IsBoolean(args, index + 1))
            {
                value = "true";
            }
            else if (value is null && HasValue(args, index))
            {
                value = args[++index];
            }

            if (value is null)
            {
                source.Refuse(OptionsCodes.FlagSyntax, new SourceLocation(flag, 0, 0), string.Empty, "the flag has no value", $"write {flag} VALUE");
            }
            else if (isConfig)
            {
                configFile = value;
            }
            else
            {
                AddOption(table, flag, value, source);
            }
        }

        return source;
    }

    private static void AddOption(OptionTable table, string flag, string value, OptionSource source)
    {
        var option = Find(table, flag, out var key, out var namesFile)!;
        var place = new SourceLocation(flag, 0, 0);
        if (option.Secret && !namesFile)
        {
            // Command lines are readable by every user of the machine and end up in shell histories.
            source.Refuse(OptionsCodes.SecretOnCommandLine, place, key, "a secret is not accepted on the command line",
                $"write it to a file and name that with {option.Flag}, or set {option.Environment(table.EnvironmentPrefix)}");
            return;
        }

        source.Add(new RawOption(option, key, [value], false, place, namesFile));
    }

    private static OptionDefinition? Find(OptionTable table, string flag, out string key, out bool namesFile)
    {
        namesFile = false;
        foreach (var option in table.Options)
        {
            if (option.FlagAliases.Contains(flag, StringComparer.Ordinal))
            {
                key = option.Key.Replace("*", "default", StringComparison.Ordinal);
                return option;
            }
        }

        var given = flag[2..];
        var lower = given.Replace('-', '_');
        var found = table.Find(lower, out namesFile);
        key = lower;
        if (found is { IsPattern: true })
        {
            // Names of clusters keep their dashes.
            var levels = given.Split('.');
            var pattern = found.Key.Split('.');
            key = string.Join('.', pattern.Index().Select(pair => pair.Item == "*" ? levels[pair.Index] : pair.Item));
        }
        else if (namesFile)
        {
            key = found!.Key;
        }

        return found;
    }

    private static void RefuseUnknown(OptionTable table, string flag, OptionSource source)
    {
        var nearest = NearestName.Find(flag,
            table.Options.SelectMany(option => option.FlagAliases.Append(option.Flag.Replace("<name>", "default", StringComparison.Ordinal)))
                .Append(OptionTable.ConfigFlag));
        source.Refuse(OptionsCodes.UnknownFlag, new SourceLocation(Shorten(flag), 0, 0), string.Empty, "unknown flag",
            nearest is null ? "docs/configuration.md lists every flag" : $"did you mean {nearest}?");
    }

    private static bool HasValue(IReadOnlyList<string> args, int index) =>
        index + 1 < args.Count && !args[index + 1].StartsWith("--", StringComparison.Ordinal);

    private static bool IsBoolean(IReadOnlyList<string> args, int index) => index < args.Count && args[index] is ("true" or "false");

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "...";
}
