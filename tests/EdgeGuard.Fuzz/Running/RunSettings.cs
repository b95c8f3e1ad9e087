using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EdgeGuard.Testing;

namespace EdgeGuard.Fuzz.Running;

/// <summary>How long to run, and with which numbers.</summary>
/// <param name="Seed">Of the mutator; a new one each time unless it is given.</param>
/// <param name="Time">When to end; without end if only a number of inputs is given.</param>
/// <param name="Executions">Most inputs.</param>
/// <param name="Folder">Where the input that fails is left.</param>
internal sealed record RunSettings(int Seed, TimeSpan Time, long Executions, string Folder)
{
    private const int DefaultSeconds = 10;

    /// <summary>Reads the options; false for one that is unknown or no number.</summary>
    public static bool TryParse(ReadOnlySpan<string> options, [NotNullWhen(true)] out RunSettings? settings)
    {
        settings = null;
        var seed = Random.Shared.Next();
        double? seconds = null;
        long? executions = null;
        var folder = RepositoryRoot.Combine("artifacts", "fuzz");
        for (; options.Length >= 2; options = options[2..])
        {
            var isRead = options[0] switch
            {
                "--seed" => int.TryParse(options[1], NumberStyles.None, CultureInfo.InvariantCulture, out seed),
                "--seconds" => Set(double.TryParse(options[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var given), given, ref seconds),
                "--executions" => Set(long.TryParse(options[1], NumberStyles.None, CultureInfo.InvariantCulture, out var given), given, ref executions),
                "--folder" => (folder = options[1]).Length > 0,
                _ => false,
            };
            if (!isRead)
            {
                return false;
            }
        }

        var time = seconds is not null ? TimeSpan.FromSeconds(seconds.Value)
            : executions is null ? TimeSpan.FromSeconds(DefaultSeconds) : TimeSpan.MaxValue;
        settings = new RunSettings(seed, time, executions ?? long.MaxValue, folder);
        return options.IsEmpty;
    }

    private static bool Set<T>(bool isRead, T value, ref T? place)
        where T : struct
    {
        place = isRead ? value : place;
        return isRead;
    }
}
