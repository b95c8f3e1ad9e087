using System.Globalization;
using EdgeGuard.Bench.Load.Measure;
using EdgeGuard.Bench.Load.Reports;

namespace EdgeGuard.Bench.Load.Streams;

/// <summary>What the edge adds to the time of an event of a stream: the same provider, asked by itself and through the edge in turns.</summary>
internal static class StreamCommand
{
    private const double NanosecondsPerMicrosecond = 1000;

    public static int Run(int port, Uri edge, StreamPlan plan, TimeProvider time, TextWriter output)
    {
        using var provider = new EventProvider(port, plan, time);
        var direct = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{provider.Port}"));
        LatencyHistogram before = new(), through = new();
        List<double> middle = [], tail = [];

        // The first two are not counted: code is compiled in them.
        for (var round = -2; round < plan.Rounds; round++)
        {
            LatencyHistogram one = new(), other = new();
            var isForth = round % 2 == 0;
            Turn(isForth ? direct : edge, plan, isForth ? one : other, time);
            Turn(isForth ? edge : direct, plan, isForth ? other : one, time);
            if (round < 0)
            {
                continue;
            }

            before.Add(one);
            through.Add(other);
            middle.Add((other.Percentile(50) - one.Percentile(50)) / NanosecondsPerMicrosecond);
            tail.Add((other.Percentile(99) - one.Percentile(99)) / NanosecondsPerMicrosecond);
        }

        output.WriteLine(Table(before, through, middle, tail));
        output.WriteLine(Json(before, through, middle, tail));
        return 0;
    }

    private static void Turn(Uri server, StreamPlan plan, LatencyHistogram delays, TimeProvider time)
    {
        var each = Enumerable.Range(0, plan.Streams).Select(_ => new LatencyHistogram()).ToArray();
        var events = Task.WhenAll(each.Select(own => EventReader.ReadAsync(server, own, time))).GetAwaiter().GetResult().Sum();
        if (events != plan.Streams * plan.Events)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{events} of {plan.Streams * plan.Events} events came from {server}"));
        }

        foreach (var own in each)
        {
            delays.Add(own);
        }
    }

    private static string Table(LatencyHistogram before, LatencyHistogram through, List<double> middle, List<double> tail) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        microseconds of an event   without the edge   through it   added in a round (median, and where it lies 19 times in 20)
        p50                        {Micro(before, 50),16:0.0}   {Micro(through, 50),10:0.0}   {Range(middle)}
        p99                        {Micro(before, 99),16:0.0}   {Micro(through, 99),10:0.0}   {Range(tail)}
        """);

    private static string Json(LatencyHistogram before, LatencyHistogram through, List<double> middle, List<double> tail) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"events":{{through.Count}},"direct_p50_us":{{Micro(before, 50):0.0}},"direct_p99_us":{{Micro(before, 99):0.0}},"edge_p50_us":{{Micro(through, 50):0.0}},"edge_p99_us":{{Micro(through, 99):0.0}},"added_p50_us":{{Statistics.Median(middle):0.0}},"added_p99_us":{{Statistics.Median(tail):0.0}}}""");

    private static double Micro(LatencyHistogram delays, double percent) => delays.Percentile(percent) / NanosecondsPerMicrosecond;

    private static string Range(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        var rank = Statistics.IntervalRank(sorted.Length);
        return string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median(sorted):0.0} ({sorted[rank - 1]:0.0} to {sorted[^rank]:0.0})");
    }
}
