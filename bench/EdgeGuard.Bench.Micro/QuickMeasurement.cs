using System.Diagnostics;
using EdgeGuard.Bench.Micro.Decide;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Engine.Compile;

namespace EdgeGuard.Bench.Micro;

/// <summary>A short measurement in this process: the median of several batches, after a warm-up that lets the code be compiled fully.</summary>
internal static class QuickMeasurement
{
    /// <summary>Batches of some tens of microseconds, shorter than a time slice: a busy machine spoils a few of them and not the median.</summary>
    private const int Batches = 10_001;

    private const int DecisionsPerBatch = 200;
    private const int WarmUpMilliseconds = 1500;

    /// <summary>Median nanoseconds of one decision.</summary>
    public static double NanosecondsPerDecision(Scenario scenario) => NanosecondsPerDecision(scenario.Decide);

    /// <summary>Median nanoseconds of one decision; false is no decision.</summary>
    public static double NanosecondsPerDecision(Func<bool> scenario)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun).TotalMilliseconds < WarmUpMilliseconds)
        {
            Run(scenario, DecisionsPerBatch);
        }

        var times = new double[Batches];
        for (var i = 0; i < Batches; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Run(scenario, DecisionsPerBatch);
            times[i] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / DecisionsPerBatch;
        }

        Array.Sort(times);
        return times[Batches / 2];
    }

    /// <summary>Bytes allocated by one decision in the steady state.</summary>
    public static double BytesPerDecision(Scenario scenario) => BytesPerDecision(scenario.Decide);

    /// <summary>Bytes allocated by one decision in the steady state.</summary>
    public static double BytesPerDecision(Func<bool> scenario)
    {
        const int Decisions = 10_000;
        Run(scenario, Decisions);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(scenario, Decisions);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Decisions;
    }

    /// <summary>Median milliseconds to compile 10 000 policies.</summary>
    public static double CompileMilliseconds()
    {
        var document = Scenario.LargeDocument(10_000);
        return MedianMilliseconds(() => PolicyCompiler.Compile(document, "bench"));
    }

    /// <summary>Median milliseconds to read, validate and bind 10 000 policies of JSON.</summary>
    public static double ReadMilliseconds()
    {
        var json = LargeBundle.Json(10_000);
        return MedianMilliseconds(() => BundleReader.Read(json, "bench", ValidationContext.Unknown).Document
            ?? throw new InvalidOperationException("The bundle to measure is not valid."));
    }

    private static double MedianMilliseconds(Func<object> work)
    {
        var times = new double[7];
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            GC.KeepAlive(work());
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[times.Length / 2];
    }

    private static void Run(Func<bool> decide, int decisions)
    {
        for (var i = 0; i < decisions; i++)
        {
            if (!decide())
            {
                throw new InvalidOperationException("A benchmark that refuses measures something else.");
            }
        }
    }
}
