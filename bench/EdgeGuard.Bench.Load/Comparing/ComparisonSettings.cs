using System.Globalization;

namespace EdgeGuard.Bench.Load.Comparing;

/// <summary>How long a comparison measures. Times are in seconds.</summary>
internal sealed record ComparisonSettings
{
    /// <summary>One turn of one server.</summary>
    public double Slice { get; init; } = 2;

    /// <summary>Turns of each server at saturation.</summary>
    public int Rounds { get; init; } = 15;

    /// <summary>Turns of each server at <see cref="Rate"/>.</summary>
    public int RateRounds { get; init; } = 7;

    /// <summary>Turns at 70 % of saturation.</summary>
    public int SaturationRounds { get; init; } = 9;

    /// <summary>Longest warm-up of one server.</summary>
    public double WarmUp { get; init; } = 30;

    /// <summary>Longest warm-up of all together.</summary>
    public double WarmUpTotal { get; init; } = 300;

    /// <summary>Requests a second where latency is told.</summary>
    public double Rate { get; init; } = 2000;

    /// <summary>Reads <c>name=value</c>; names as the command line has them.</summary>
    /// <exception cref="FormatException">Something is unknown or no number.</exception>
    public static ComparisonSettings Read(IEnumerable<string> arguments)
    {
        ComparisonSettings settings = new();
        foreach (string argument in arguments)
        {
            string[] pair = argument.Split('=', 2);
            if (pair.Length != 2 || !double.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || value <= 0)
            {
                throw new FormatException($"{argument}: wants name=number");
            }

            settings = pair[0] switch
            {
                "slice" => settings with { Slice = value },
                "rounds" => settings with { Rounds = (int)value },
                "rate-rounds" => settings with { RateRounds = (int)value },
                "saturation-rounds" => settings with { SaturationRounds = (int)value },
                "warm-up-total" => settings with { WarmUpTotal = value },
                "warm-up" => settings with { WarmUp = value },
                "rate" => settings with { Rate = value },
                _ => throw new FormatException($"unknown setting {pair[0]}"),
            };
        }

        return settings;
    }
}
