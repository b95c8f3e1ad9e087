using System.Text;

namespace EdgeGuard.Options.Tests;

/// <summary>Files, environment and flags of one load, in memory.</summary>
internal sealed class OptionsInput
{
    /// <summary>A well-formed key that nothing uses.</summary>
    public const string Key = "k1:UNhY4JhezH9gQYqvDMWrWH9CwlcKiECVqejMrND2VFw";

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    public List<string> Flags { get; } = [];

    /// <summary>An edge that is complete: an upstream and nothing else.</summary>
    public static OptionsInput ValidEdge() => new() { Environment = { ["EDGEGUARD_CLUSTERS__DEFAULT__DESTINATIONS"] = "http://127.0.0.1:9000" } };

    public OptionsInput WithVariable(string name, string value)
    {
        Environment[name] = value;
        return this;
    }

    public OptionsInput WithFile(string path, string text)
    {
        Files[path] = text;
        return this;
    }

    public OptionsInput WithFlags(params string[] flags)
    {
        Flags.AddRange(flags);
        return this;
    }

    public OptionsResult<EdgeOptions> LoadEdge() => OptionsLoader.LoadEdge([.. Flags], Environment, Read);

    public OptionsResult<ControlPlaneOptions> LoadControlPlane() => OptionsLoader.LoadControlPlane([.. Flags], Environment, Read);

    private byte[]? Read(string path) => Files.TryGetValue(path, out var text) ? Encoding.UTF8.GetBytes(text) : null;
}
