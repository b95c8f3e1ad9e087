using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeGuard.Bench.Load.Comparing;

/// <summary>
/// What a server's processes have used: core time in nanoseconds (the process clocks of clock_gettime(2), ended threads included), and resident memory from /proc.
/// Zero for a server that is not ours.
/// </summary>
internal sealed partial class ServerUsage(IReadOnlyList<int> processes)
{
    /// <summary>The kernel's number for a process's clock: its id, inverted, above three bits that choose scheduler time.</summary>
    private const int ProcessShift = 3;
    private const int SchedulerTime = 2;

    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Core time of all processes so far.</summary>
    public long CpuNanoseconds => processes.Sum(CpuOf);

    /// <summary>Core time of the threads that compile .NET code while it runs; those that are there now.</summary>
    public long CompilingNanoseconds => processes.Sum(CompilingOf);

    /// <summary>Resident KiB of all processes.</summary>
    public long ResidentKilobytes => processes.Sum(process => Sum($"/proc/{process}/status", _ => true, "VmRSS:"));

    /// <summary>Resident KiB of mappings of a file of that name.</summary>
    public long ResidentKilobytesOf(string file) => processes.Sum(process => Sum($"/proc/{process}/smaps", line => line.EndsWith("/" + file, StringComparison.Ordinal), "Rss:"));

    // Of the lines that begin with a name, those behind a heading that is wanted; a heading is a line whose first word does not end with a colon.
    private static long Sum(string path, Func<string, bool> isWanted, string name)
    {
        long sum = 0;
        bool counts = isWanted(string.Empty);
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                int blank = line.IndexOf(' ', StringComparison.Ordinal);
                if (blank > 0 && line[blank - 1] != ':' && !line.Contains('\t', StringComparison.Ordinal))
                {
                    counts = isWanted(line);
                }
                else if (counts && line.StartsWith(name, StringComparison.Ordinal))
                {
                    sum += long.Parse(line[name.Length..].Replace("kB", string.Empty, StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
                }
            }
        }
        catch (IOException)
        {
            // It has ended; its answers tell.
        }

        return sum;
    }

    private static long CpuOf(int process) =>
        GetTime((~process << ProcessShift) | SchedulerTime, out Time time) == 0 ? (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds : TicksOf(process);

    private static long CompilingOf(int process)
    {
        // The kernel keeps 15 characters of ".NET Tiered Compilation Worker".
        const string Compiler = ".NET Tiered Com";
        long sum = 0;
        foreach (string thread in Directory.Exists($"/proc/{process}/task") ? Directory.GetDirectories($"/proc/{process}/task") : [])
        {
            try
            {
                if (File.ReadAllText(thread + "/comm").StartsWith(Compiler, StringComparison.Ordinal))
                {
                    // schedstat: nanoseconds on a core, waiting for one, and turns.
                    sum += long.Parse(File.ReadAllText(thread + "/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
                }
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }

        return sum;
    }

    // Where other processes' clocks are not to be had: user and system time in ticks, which are hundredths of a second for whatever reads them.
    private static long TicksOf(int process)
    {
        const int UserTime = 11;
        const int SystemTime = 12;
        const long NanosecondsPerTick = 10_000_000;
        try
        {
            string text = File.ReadAllText($"/proc/{process}/stat");
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[UserTime], CultureInfo.InvariantCulture) + long.Parse(fields[SystemTime], CultureInfo.InvariantCulture)) * NanosecondsPerTick;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
