using System.Collections.Concurrent;
using System.Threading.Channels;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.State;

namespace EdgeGuard.Edge.Sync;

/// <summary>
/// Keeps directives that are in force already, and acknowledges them only then: what is acknowledged survives a restart. Away from the
/// stream's reader, so that the next kill switch does not wait for a disk. Of several sets that wait only the newest is written; all of
/// them are acknowledged.
/// </summary>
internal sealed class DirectiveKeeper(StateDirectory state, AckQueue acks, TimeProvider time, ILogger<DirectiveKeeper> logger)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly Channel<KeptDirective> _queue = Channel.CreateBounded<KeptDirective>(
        new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly ConcurrentDictionary<string, KeptDirective> _unkept = new(StringComparer.Ordinal);

    /// <summary>Queues one; never waits.</summary>
    public void Keep(KeptDirective directive)
    {
        _unkept[directive.File] = directive;
        _queue.Writer.TryWrite(directive);
    }

    /// <summary>
    /// Writes the sets that came while another process was taking over, for that process to begin with. What refused here must not pass there while that one
    /// has not reached the control plane yet. They are not acknowledged: the other process does that, once it has them from the control plane.
    /// </summary>
    public void HandOn()
    {
        foreach (var (file, directive) in _unkept)
        {
            try
            {
                state.HandOn(file, directive.Document);
            }
            catch (StateException failure)
            {
                SyncLog.NotKept(logger, directive.Ack.Kind, failure.Diagnostic.ToString());
            }
        }
    }

    /// <summary>Keeps until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var waiting = new List<KeptDirective>();
        while (waiting.Count > 0 || await _queue.Reader.WaitToReadAsync(cancellation))
        {
            while (_queue.Reader.TryRead(out var directive))
            {
                waiting.Add(directive);
            }

            if (TryKeepNewest(waiting))
            {
                waiting.Clear();
            }
            else
            {
                await Task.Delay(RetryInterval, time, cancellation);
            }
        }
    }

    private bool TryKeepNewest(List<KeptDirective> waiting)
    {
        var all = true;
        foreach (var group in waiting.GroupBy(directive => directive.File, StringComparer.Ordinal))
        {
            var newest = group.Last();
            try
            {
                state.Write(newest.File, newest.Document);
                state.RaiseHighWater(newest.Type, newest.Mark);
                _unkept.TryRemove(KeyValuePair.Create(newest.File, newest));
                foreach (var directive in group)
                {
                    acks.Add(directive.Ack);
                }
            }
            catch (StateException failure)
            {
                all = false;
                var problem = SyncProblem.Error(
                    SyncCodes.NotKept, $"in force, but a restart would lose it: {failure.Diagnostic.Message}", failure.Diagnostic.Fix);
                SyncLog.NotKept(logger, newest.Ack.Kind, problem.ToString());
                acks.Add(newest.Ack with { Status = Ack.Refused, Problems = [problem.ToString()] });
            }
        }

        // What did not fit stays and is tried again with what comes next; what did is acknowledged twice at worst.
        return all;
    }
}
