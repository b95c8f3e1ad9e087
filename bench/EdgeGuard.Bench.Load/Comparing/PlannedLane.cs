using System.Globalization;
using EdgeGuard.Bench.Load.Options;

namespace EdgeGuard.Bench.Load.Comparing;

/// <summary>One server of a comparison, and what it is asked.</summary>
/// <param name="Name">Its name in the result.</param>
/// <param name="Processes">Processes whose core time and memory count; none for a server that is not ours.</param>
/// <param name="Options">Address and request, as the command line of a run has them.</param>
internal sealed record PlannedLane(string Name, IReadOnlyList<int> Processes, LoadOptions Options)
{
    /// <summary>Reads a line: name, process ids with blanks between them, address, options; all with tabulators between them.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static PlannedLane Parse(string line)
    {
        string[] parts = line.Split('\t');
        if (parts.Length < 3)
        {
            throw new FormatException($"a lane has a name, processes and an address: {line}");
        }

        int[] processes = [.. parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        return new PlannedLane(parts[0], processes, LoadOptions.Read(parts[2..]));
    }
}
