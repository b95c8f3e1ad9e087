using System.CommandLine;
using EdgeGuard.Cli.Input;
using EdgeGuard.Contracts;

namespace EdgeGuard.Cli.Commands.Key;

/// <summary>What an API key is to be.</summary>
internal sealed class ApiKeyOptions
{
    public Option<string> Organization { get; } = new("--organization") { Description = "Whom it is for: descriptor key:org", Required = true };

    public Option<string> Kind { get; } = new("--kind")
    {
        Description = "secret (for servers) or publishable (may stand in a web page)",
        DefaultValueFactory = _ => "secret",
    };

    public Option<string> Environment { get; } = new("--environment") { Description = "live or test", DefaultValueFactory = _ => "live" };

    public Option<string?> Plan { get; } = new("--plan") { Description = "Commercial plan: descriptor key:plan" };

    public Option<string[]> Scopes { get; } = new("--scope") { Description = "What it may do; may be repeated" };

    public Option<string[]> Origins { get; } = new("--origin") { Description = "Origin that may use a publishable key, such as https://app.example.com; may be repeated" };

    public Option<string[]> Methods { get; } = new("--method") { Description = "Method it may use; may be repeated" };

    public Option<string[]> Paths { get; } = new("--path") { Description = "Path prefix it may use; may be repeated" };

    public Option<string?> Expires { get; } = new("--expires") { Description = "When it ends by itself: 90d, or a time" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Organization, Kind, Environment, Plan, Scopes, Origins, Methods, Paths, Expires])
        {
            command.Options.Add(option);
        }
    }

    public CreateApiKey Read(ParseResult parse, CliHost host)
    {
        OneOf(parse.GetRequiredValue(Kind), "--kind", "secret", "publishable");
        OneOf(parse.GetRequiredValue(Environment), "--environment", "live", "test");
        return new CreateApiKey(
            parse.GetRequiredValue(Kind), parse.GetRequiredValue(Organization), parse.GetRequiredValue(Environment), parse.GetValue(Plan),
            List(parse.GetValue(Scopes)), List(parse.GetValue(Origins)), List(parse.GetValue(Methods)), List(parse.GetValue(Paths)),
            null, ExpiryText.Parse(parse.GetValue(Expires), host.Time, "--expires"));
    }

    private static string[]? List(string[]? values) => values is { Length: > 0 } ? values : null;

    private static void OneOf(string value, string flag, string one, string other)
    {
        if (value != one && value != other)
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, flag, $"`{value}` is neither {one} nor {other}", $"write {flag} {one} or {flag} {other}");
        }
    }
}
