using System.Collections.Immutable;

namespace EdgeGuard.Options.Definitions;

/// <summary>All options of one executable.</summary>
/// <param name="EnvironmentPrefix"><c>EDGEGUARD_</c> or <c>EDGEGUARD_CP_</c>.</param>
/// <param name="DefaultFile">Read from the working folder when it is there and no other is named.</param>
/// <param name="Options">The options, in the order they are shown.</param>
public sealed record OptionTable(string EnvironmentPrefix, string DefaultFile, ImmutableArray<OptionDefinition> Options)
{
    /// <summary>Suffix of the key, variable or flag that names the file a secret is read from.</summary>
    internal const string FileSuffix = "_file";

    /// <summary>Environment name that holds the path of the options file.</summary>
    public string ConfigVariable => EnvironmentPrefix + "CONFIG";

    /// <summary>Flag that holds the path of the options file.</summary>
    public static string ConfigFlag => "--config";

    /// <summary>Finds the option that a key means, with <c>*</c> standing for one level, or null.</summary>
    /// <param name="key">Lower-case key with dots.</param>
    /// <param name="namesFile">Whether the key names the file of a secret.</param>
    internal OptionDefinition? Find(string key, out bool namesFile)
    {
        namesFile = false;
        foreach (var option in Options)
        {
            if (Matches(option.Key, key))
            {
                return option;
            }

            if (option.Secret && Matches(option.Key + FileSuffix, key))
            {
                namesFile = true;
                return option;
            }
        }

        return null;
    }

    /// <summary>Every environment name that the executable knows, patterns as they are documented.</summary>
    internal IEnumerable<string> EnvironmentNames()
    {
        yield return ConfigVariable;
        foreach (var option in Options)
        {
            yield return option.Environment(EnvironmentPrefix);
            if (option.Secret)
            {
                yield return option.Environment(EnvironmentPrefix) + "_FILE";
            }
        }
    }

    /// <summary>Every key that may stand in the file.</summary>
    internal IEnumerable<string> Keys()
    {
        foreach (var option in Options)
        {
            yield return option.Key;
            if (option.Secret)
            {
                yield return option.Key + FileSuffix;
            }
        }
    }

    private static bool Matches(string pattern, string key)
    {
        if (!pattern.Contains('*', StringComparison.Ordinal))
        {
            return string.Equals(pattern, key, StringComparison.Ordinal);
        }

        var wanted = pattern.Split('.');
        var given = key.Split('.');
        if (wanted.Length != given.Length)
        {
            return false;
        }

        for (var level = 0; level < wanted.Length; level++)
        {
            var any = wanted[level] == "*" && given[level].Length > 0;
            if (!any && wanted[level] != given[level])
            {
                return false;
            }
        }

        return true;
    }
}
