namespace EdgeGuard.Edge.DataFiles;

/// <summary>Log messages of data files.</summary>
internal static partial class DataFileLog
{
    [LoggerMessage(3220, LogLevel.Information, "Data file for {Fact} is in force: {Entries} entries, {KiB} KiB")]
    public static partial void Loaded(ILogger logger, string fact, int entries, long kiB);

    [LoggerMessage(3221, LogLevel.Error, "Data file for {Fact} refused, {Code}: {Problem}")]
    public static partial void Refused(ILogger logger, string fact, string code, string problem);
}
