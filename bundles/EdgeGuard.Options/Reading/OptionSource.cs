using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Options.Reading;

/// <summary>What one source (file, environment or flags) says.</summary>
internal sealed class OptionSource
{
    public List<RawOption> Options { get; } = [];

    public List<Diagnostic> Problems { get; } = [];

    public void Add(RawOption option)
    {
        var earlier = Options.FindIndex(other => other.Key == option.Key && other.NamesFile == option.NamesFile);
        if (earlier < 0)
        {
            Options.Add(option);
            return;
        }

        // Only flags can repeat: lists grow, and of anything else the last one counts, as users of flags expect.
        var values = option.Definition.Kind >= Definitions.OptionKind.List ? Options[earlier].Values.AddRange(option.Values) : option.Values;
        Options[earlier] = option with { Values = values };
    }

    public void Refuse(string code, SourceLocation place, string path, string message, string fix) =>
        Problems.Add(new Diagnostic(code, Severity.Error, place, path, message, fix));
}
