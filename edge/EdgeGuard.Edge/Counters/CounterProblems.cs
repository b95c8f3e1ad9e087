using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.State;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Edge.Counters;

/// <summary>What can be wrong with the counter file, in words.</summary>
internal static class CounterProblems
{
    private const long Mebibyte = 1024 * 1024;

    public static Diagnostic NotKept(string path, Exception failure) => Of(
        StateCodes.CountersNotKept,
        Severity.Error,
        $"the counters cannot be kept in {path}: {failure.Message}",
        "free space on the volume or lower counters.memory, then restart; until then counters are in memory and the edge is not ready");

    public static Diagnostic InUse(string path) => Of(
        StateCodes.CountersInUse,
        Severity.Error,
        $"the counter file {path} is in use by another process",
        $"stop the other edge (fuser {path} names its process), or give this one its own directory (EDGEGUARD_STATE_DIR)");

    public static Diagnostic SetAside(string path, string kept, TableCondition condition) => Of(
        StateCodes.CountersSetAside,
        Severity.Warning,
        $"the counter file {path} {Why(condition)}, and was renamed to {Path.GetFileName(kept)}: all limits start anew",
        "look for a loss of power, a full disk, a second writer or another version of the edge; the file that was renamed can be deleted");

    public static Diagnostic SizeKept(string path, long wanted, long kept, string why) => Of(
        StateCodes.CountersSizeKept,
        Severity.Warning,
        $"the counter file {path} stays at counters.memory {kept / Mebibyte} MiB instead of {wanted / Mebibyte} MiB: {why}",
        "restart when fewer counters are alive or the volume has more room, or raise counters.memory; no counter is lost meanwhile");

    private static string Why(TableCondition condition) => condition switch
    {
        TableCondition.OtherFormat => "was written in another format, by an older or a newer version",
        TableCondition.WrongSize => "is not as long as its header says",
        TableCondition.Torn => "contradicts itself: it is torn",
        _ => "was not written by this product",
    };

    private static Diagnostic Of(string code, Severity severity, string message, string fix) =>
        new(code, severity, SourceLocation.None, string.Empty, message, fix);
}
