using EdgeGuard.ControlPlane.Auth;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Hosting;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Edges;

/// <summary>Writes what edges acknowledged: every two seconds, one transaction an organization, and once more at the end.</summary>
internal sealed class EdgeStateFlusher(EdgeStates states, EdgeColumns columns, Writer writer, TimeProvider time, ILogger<EdgeStateFlusher> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Writes everything that has changed.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        foreach (var organization in states.TakeDirty())
        {
            try
            {
                await writer.IngestAsync(organization.Key, Actor.System("edge-states"), async (write, token) =>
                {
                    foreach (var state in organization)
                    {
                        await WriteAsync(write, state, token);
                    }

                    return true;
                }, cancellation);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                ControlPlaneLog.FlushFailed(log, error);
                states.GiveBack(organization);
            }
        }
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await FlushAsync(stoppingToken);
        }
    }

    private async Task WriteAsync(WriteTransaction write, EdgeState state, CancellationToken cancellation)
    {
        var problems = columns.Problems(state.OrganizationId, state.EdgeId, state.Problems);
        await write.Rows.Edges.Where(edge => edge.Id == state.EdgeId).ExecuteUpdateAsync(set => set
            .SetProperty(edge => edge.LastSeenAt, state.LastSeenAt)
            .SetProperty(edge => edge.EdgeVersion, state.EdgeVersion)
            .SetProperty(edge => edge.BundleVersion, state.BundleVersion)
            .SetProperty(edge => edge.BundleDigest, state.BundleDigest)
            .SetProperty(edge => edge.KillSequence, state.KillSequence)
            .SetProperty(edge => edge.ClockSkewMs, state.ClockSkewMilliseconds)
            .SetProperty(edge => edge.ProblemsCipher, problems), cancellation);
    }
}
