using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Options.Definitions;

namespace EdgeGuard.Options.Reading;

/// <summary>Values of all options after precedence, with where each came from.</summary>
internal sealed class OptionValues
{
    private readonly OptionTable _table;
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RawOption> _given = new(StringComparer.Ordinal);

    private OptionValues(OptionTable table) => _table = table;

    public List<Diagnostic> Problems { get; } = [];

    /// <summary>Merges sources, weakest first, reads every value and every file of a secret.</summary>
    public static OptionValues Merge(OptionTable table, IReadOnlyList<OptionSource> sources, Func<string, byte[]?> readFile)
    {
        var values = new OptionValues(table);
        foreach (var source in sources)
        {
            values.Problems.AddRange(source.Problems);
            values.RefuseTwice(source);
            foreach (var option in source.Options)
            {
                values._given[option.Key] = option;
            }
        }

        foreach (var option in values._given.Values)
        {
            values.Read(option, readFile);
        }

        return values;
    }

    public bool IsSet(string key) => _given.ContainsKey(key);

    public string Text(string key) => _values.TryGetValue(key, out var value) ? (string)value : Definition(key).Default;

    public SecretText? Secret(string key) => _values.TryGetValue(key, out var value) ? new SecretText((string)value) : null;

    public bool Boolean(string key) => _values.TryGetValue(key, out var value) ? (bool)value : Definition(key).Default == "true";

    public long Number(string key) => (long)ValueOrDefault(key);

    public TimeSpan Duration(string key) => (TimeSpan)ValueOrDefault(key);

    public ImmutableArray<string> List(string key) => (ImmutableArray<string>)ValueOrDefault(key);

    /// <summary>Names that the user chose at the <c>*</c> of a pattern's first level, such as <c>clusters</c>, sorted.</summary>
    public IEnumerable<string> Names(string section) =>
        _given.Keys.Where(key => key.StartsWith(section + ".", StringComparison.Ordinal))
            .Select(key => key.Split('.')[1]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Where an option was given, for a finding about it.</summary>
    public SourceLocation Place(string key) => _given.TryGetValue(key, out var option) ? option.Place : SourceLocation.None;

    public void Refuse(string code, string key, string message, string fix) =>
        Problems.Add(new Diagnostic(code, Severity.Error, Place(key), key, message, fix));

    /// <summary>Every option as in force.</summary>
    public ImmutableArray<EffectiveOption> Effective()
    {
        var shown = ImmutableArray.CreateBuilder<EffectiveOption>();
        foreach (var option in _table.Options)
        {
            IEnumerable<string> keys = option.IsPattern
                ? Names(option.Key.Split('.')[0]).Select(name => option.Key.Replace("*", name, StringComparison.Ordinal))
                : [option.Key];
            foreach (var key in keys)
            {
                shown.Add(Show(option, key));
            }
        }

        return shown.ToImmutable();
    }

    private EffectiveOption Show(OptionDefinition option, string key)
    {
        if (!_given.TryGetValue(key, out var given))
        {
            return new EffectiveOption(key, option.Default, "default");
        }

        var text = option.Secret ? "***" : string.Join(",", given.Values);
        return new EffectiveOption(key, text, given.Place.ToString() + (given.NamesFile ? " (from a file)" : string.Empty));
    }

    private object ValueOrDefault(string key)
    {
        if (_values.TryGetValue(key, out var value))
        {
            return value;
        }

        var option = Definition(key);
        return ValueParser.Parse(option, [option.Default], false).Value
            ?? throw new InvalidOperationException($"The default of {key} cannot be read.");
    }

    private OptionDefinition Definition(string key) =>
        _table.Find(key, out _) ?? throw new InvalidOperationException($"{key} is not in the table of options.");

    private void RefuseTwice(OptionSource source)
    {
        foreach (var option in source.Options.Where(option => option.NamesFile))
        {
            var twin = source.Options.Find(other => other.Key == option.Key && !other.NamesFile);
            if (twin is not null)
            {
                Problems.Add(new Diagnostic(OptionsCodes.SecretTwice, Severity.Error, option.Place, option.Key,
                    "the secret is given both as a value and as a file", "keep the one with the file"));
            }
        }
    }

    private void Read(RawOption option, Func<string, byte[]?> readFile)
    {
        if (option.NamesFile)
        {
            ReadSecretFile(option, readFile);
            return;
        }

        if (option.Values.Length == 0 || (option.Values is [""] && option.Definition.Kind is not OptionKind.Boolean))
        {
            // Written as empty: a text is then empty, a list has no items; what cannot be empty says so below.
            if (option.Definition.Kind is OptionKind.Text or OptionKind.Path or OptionKind.Url)
            {
                SetEmptyText(option);
                return;
            }

            if (option.Definition.Kind >= OptionKind.List)
            {
                _values[option.Key] = ImmutableArray<string>.Empty;
                return;
            }
        }

        var (value, code, message) = ValueParser.Parse(option.Definition, option.Values, option.IsList);
        if (value is null)
        {
            var named = option.Definition.Secret ? message : $"`{string.Join(",", option.Values)}` is {message}";
            Problems.Add(new Diagnostic(code!, Severity.Error, option.Place, option.Key, named, ValueParser.Expected(option.Definition)));
            return;
        }

        _values[option.Key] = value;
    }

    private void SetEmptyText(RawOption option)
    {
        if (!option.Definition.Secret)
        {
            _values[option.Key] = string.Empty;
        }
    }

    private void ReadSecretFile(RawOption option, Func<string, byte[]?> readFile)
    {
        var path = option.Values[0];
        var bytes = readFile(path);
        var text = bytes is null ? string.Empty : System.Text.Encoding.UTF8.GetString(bytes).Trim();
        if (text.Length == 0)
        {
            Problems.Add(new Diagnostic(OptionsCodes.SecretFileUnreadable, Severity.Error, option.Place, option.Key,
                bytes is null ? $"the file `{path}` cannot be read" : $"the file `{path}` is empty",
                "check the path and that this user may read it"));
            return;
        }

        _values[option.Key] = text;
    }
}
