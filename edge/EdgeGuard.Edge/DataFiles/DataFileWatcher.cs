namespace EdgeGuard.Edge.DataFiles;

/// <summary>
/// Follows the data files. They are looked at, not watched: a ConfigMap is changed by swapping a link two folders away, which no watcher on the file
/// sees. A file is read when two looks after its change agree, so one that is written in place is not read half.
/// </summary>
internal sealed class DataFileWatcher(DataFileSet files, TimeProvider time) : BackgroundService
{
    /// <summary>Between two looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken);
            foreach (var file in files.Files)
            {
                file.Look();
            }
        }
    }
}
