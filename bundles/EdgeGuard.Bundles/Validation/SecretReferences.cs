using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>
/// Resolves <c>${env:NAME}</c> and <c>${file:/path}</c> in fields that may hold them. Only names that the edge's options list are
/// read, and no value is ever part of a message.
/// </summary>
/// <param name="environment">Environment names that may be read.</param>
/// <param name="files">Path prefixes that may be read, on segment boundaries.</param>
/// <param name="readEnvironment">Reads a variable; null when it is not set.</param>
/// <param name="readFile">Reads a file; null when it cannot be read.</param>
public sealed partial class SecretReferences(
    ImmutableHashSet<string> environment,
    ImmutableHashSet<string> files,
    Func<string, string?> readEnvironment,
    Func<string, byte[]?> readFile)
{
    // A secret is a key, a password or an address; more is a mistake in the path.
    private const int MaxFileBytes = 64 * 1024;

    /// <summary>Resolves against this process's file system, and its environment or what stands in for it.</summary>
    public static SecretReferences OfProcess(
        ImmutableHashSet<string> environment, ImmutableHashSet<string> files, Func<string, string?>? readEnvironment = null) =>
        new(environment, files, readEnvironment ?? Environment.GetEnvironmentVariable, ReadFile);

    /// <summary>Whether a text holds, or tries to hold, a reference.</summary>
    public static bool Contains(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains("${", StringComparison.Ordinal);
    }

    /// <summary>The text with every reference replaced, or why that cannot be done.</summary>
    public SecretResolution Resolve(string text)
    {
        if (!Contains(text))
        {
            return SecretResolution.Of(text);
        }

        if (!Parse(text).WellFormed)
        {
            return SecretResolution.Failed("a reference is written ${env:NAME} or ${file:/path}");
        }

        var resolved = new StringBuilder();
        var position = 0;
        foreach (Match match in Reference().Matches(text))
        {
            resolved.Append(text, position, match.Index - position);
            var (value, problem) = Read(match.Groups["kind"].Value, match.Groups["name"].Value);
            if (value is null)
            {
                return SecretResolution.Failed(problem);
            }

            resolved.Append(value);
            position = match.Index + match.Length;
        }

        resolved.Append(text, position, text.Length - position);
        return SecretResolution.Of(resolved.ToString());
    }

    /// <summary>The references of a text as (kind, name), and whether all of it that begins with <c>${</c> is well formed.</summary>
    internal static (IReadOnlyList<(string Kind, string Name)> References, bool WellFormed) Parse(string text)
    {
        var matches = Reference().Matches(text);
        var starts = text.AsSpan().Count("${");
        return ([.. matches.Select(m => (m.Groups["kind"].Value, m.Groups["name"].Value))], matches.Count == starts);
    }

    /// <summary>Whether a path is one of the prefixes or below one, and leads nowhere else.</summary>
    internal static bool IsListedFile(string path, ImmutableHashSet<string> prefixes)
    {
        if (!path.StartsWith('/') || !string.Equals(Path.GetFullPath(path), path, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var prefix in prefixes)
        {
            var folder = prefix.TrimEnd('/');
            if (path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/'))
            {
                return true;
            }
        }

        return false;
    }

    private (string? Value, string Problem) Read(string kind, string name)
    {
        if (kind == "env")
        {
            return !environment.Contains(name) ? (null, $"the environment variable {name} is not listed in references.env of the options")
                : readEnvironment(name) is { Length: > 0 } value ? (value, string.Empty)
                : (null, $"the environment variable {name} is not set");
        }

        if (!IsListedFile(name, files))
        {
            return (null, $"the file {name} is not below a path that references.files of the options lists");
        }

        var bytes = readFile(name);
        return bytes is null ? (null, $"the file {name} cannot be read, or is larger than {MaxFileBytes} bytes")
            : bytes.Length == 0 ? (null, $"the file {name} is empty")
            : (Encoding.UTF8.GetString(bytes).TrimEnd('\r', '\n'), string.Empty);
    }

    private static byte[]? ReadFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length <= MaxFileBytes ? File.ReadAllBytes(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\$\{((?<kind>env):(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<kind>file):(?<name>/[^{}]+))\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchBudget.Milliseconds)]
    private static partial Regex Reference();
}
