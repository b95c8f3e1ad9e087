using System.Globalization;
using EdgeGuard.Bench.Load.Running;

namespace EdgeGuard.Bench.Load.Options;

/// <summary>The command line of a run.</summary>
internal sealed record LoadOptions
{
    public const string Usage = """
        usage: edgeguard-bench-load URL [options]          load; the last line is one JSON object
               edgeguard-bench-load tokens FOLDER COUNT    ES256 tokens and their key set, for {token}
               edgeguard-bench-load ports COUNT            free ports of this machine
               edgeguard-bench-load compare FOLDER [NAME=VALUE]...   measures the servers of FOLDER/plan.txt in alternation (bench/compare.sh)
               edgeguard-bench-load report FOLDER          table and JSON of what it has measured

        URL            http://IP:PORT/path, or http://localhost:PORT/path. {seq}, {key:N} and {token} vary in path, headers and body
        --rate N       open loop: N requests a second, latency from the planned moment. Without it: closed loop
        --poisson      exponential gaps instead of equal ones
        --seconds N    measured time, 10        --warmup N     before it, 1         --drain N     after it at most, 5
        --connections N  64                     --pipeline N   requests under way on one connection, 1
        --method NAME  GET                      --header LINE  repeatable           --body TEXT
        --status N     expected status, repeatable, 200
        --expect LINE  expected header, "Name" or "Name: value", repeatable
        --tokens FILE  one token a line         --known N      of them used again and again, 100
        --fresh N      share of requests, 0 to 1, with a token never sent before    --skip-fresh N  leave so many out
        --seed N       1                        --name TEXT    repeated in the result
        exit code 0: every answer was right; 1: not so; 2: wrong usage
        """;

    public required Uri Address { get; init; }

    public string Name { get; init; } = string.Empty;

    public string Method { get; init; } = "GET";

    public List<string> Headers { get; } = [];

    public string Body { get; init; } = string.Empty;

    public List<int> Statuses { get; } = [];

    public List<string> Expected { get; } = [];

    public int Connections { get; init; } = 64;

    public string TokenFile { get; init; } = string.Empty;

    public int KnownTokens { get; init; } = 100;

    public double FreshShare { get; init; }

    public int SkipFresh { get; init; }

    public LoadSettings Settings { get; init; } = new() { WarmUp = TimeSpan.FromSeconds(1) };

    /// <exception cref="FormatException">Something is wrong; the message says what.</exception>
    public static LoadOptions Read(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 || !Uri.TryCreate(arguments[0], UriKind.Absolute, out Uri? address) || address.Scheme != "http")
        {
            throw new FormatException("the first argument is an address, http://...");
        }

        LoadOptions options = new() { Address = address };
        for (int i = 1; i < arguments.Count; i++)
        {
            string name = arguments[i];
            if (name == "--poisson")
            {
                options = options with { Settings = options.Settings with { Poisson = true } };
                continue;
            }

            if (i + 1 == arguments.Count)
            {
                throw new FormatException($"{name} wants a value, or is unknown");
            }

            options = options.With(name, arguments[++i]);
        }

        if (options.Statuses.Count == 0)
        {
            options.Statuses.Add(200);
        }

        return options with { Settings = options.Settings with { AnswersHead = options.Method == "HEAD" } };
    }

    private LoadOptions With(string name, string value)
    {
        switch (name)
        {
            case "--header":
                Headers.Add(value);
                return this;
            case "--expect":
                Expected.Add(value);
                return this;
            case "--status":
                Statuses.Add((int)Number(name, value, 200, 599));
                return this;
            default:
                return name switch
                {
                    "--name" => this with { Name = value },
                    "--method" => this with { Method = value },
                    "--body" => this with { Body = value },
                    "--tokens" => this with { TokenFile = value },
                    "--connections" => this with { Connections = (int)Number(name, value, 1, 10_000) },
                    "--known" => this with { KnownTokens = (int)Number(name, value, 1, 1_000_000) },
                    "--fresh" => this with { FreshShare = Number(name, value, 0, 1) },
                    "--skip-fresh" => this with { SkipFresh = (int)Number(name, value, 0, int.MaxValue) },
                    _ => this with { Settings = With(Settings, name, value) },
                };
        }
    }

    private static LoadSettings With(LoadSettings settings, string name, string value) => name switch
    {
        "--rate" => settings with { Rate = Number(name, value, 0.001, 10_000_000) },
        "--seconds" => settings with { Duration = TimeSpan.FromSeconds(Number(name, value, 0.1, 86_400)) },
        "--warmup" => settings with { WarmUp = TimeSpan.FromSeconds(Number(name, value, 0, 3600)) },
        "--drain" => settings with { Drain = TimeSpan.FromSeconds(Number(name, value, 0, 3600)) },
        "--pipeline" => settings with { Pipeline = (int)Number(name, value, 1, 1024) },
        "--seed" => settings with { Seed = (int)Number(name, value, 0, int.MaxValue) },
        _ => throw new FormatException($"unknown option {name}"),
    };

    private static double Number(string name, string value, double least, double most)
        => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name} {value}: wants a number from {least} to {most}"));
}
