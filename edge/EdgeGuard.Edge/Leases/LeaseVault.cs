using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeGuard.Edge.Counters;
using EdgeGuard.Edge.State;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Edge.Leases;

/// <summary>
/// Keeps what a restart needs to go on with the leases that this edge holds, and tells whether the counters are provably those that they were spent by: in
/// the same boot, the same file, marked by the last exchange. Whatever else has happened, the edge begins as another holder, and what the former held stays
/// charged to it until its windows end.
/// </summary>
internal sealed class LeaseVault(StateDirectory state, CounterTable counters, IBootClock boot, TimeProvider time, ILogger<LeaseVault> logger)
{
    private static readonly TimeSpan MarkEvery = TimeSpan.FromSeconds(5);

    private LeaseMemory? _kept;
    private long _keptAt;

    /// <summary>What this holder had; null when the counters are not provably its own.</summary>
    public LeaseMemory? Load()
    {
        var identity = Identity();
        if (state.ReadChecksummed(StateFiles.Leases, "the edge asks for new leases") is not { } content || identity.Length == 0)
        {
            return null;
        }

        if (Read(content) is not { } memory)
        {
            state.SetAside(StateFiles.Leases, "the edge asks for new leases");
            return null;
        }

        var stamp = counters.LeaseStamp;
        if (!string.Equals(memory.Counters, identity, StringComparison.Ordinal) || stamp == 0 || (stamp != memory.Stamp && stamp != memory.StampBefore))
        {
            LeaseLog.NotProven(logger);
            return null;
        }

        return memory;
    }

    /// <summary>
    /// Keeps it, under a new mark: first the file that knows both marks, then the counters. A crash in between leaves counters with the former one.
    /// </summary>
    /// <returns>False when it could not be kept; a restart then begins as another holder.</returns>
    public bool TryKeep(LeaseMemory memory)
    {
        if (!state.IsPersistent || state.IsSuspended)
        {
            return true;
        }

        // Nothing but grants, which the counters keep: a new mark can wait.
        if (memory == _kept && time.GetElapsedTime(_keptAt) < MarkEvery)
        {
            return true;
        }

        var stamp = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) | 1;
        var kept = memory with { Stamp = stamp, StampBefore = counters.LeaseStamp, Counters = Identity() };
        try
        {
            state.Write(StateFiles.Leases, ChecksummedFile.Wrap(JsonSerializer.SerializeToUtf8Bytes(kept, LeaseJson.Default.LeaseMemory)));
        }
        catch (StateException failure)
        {
            LeaseLog.NotKept(logger, failure.Diagnostic.ToString());
            return false;
        }

        counters.LeaseStamp = stamp;
        (_kept, _keptAt) = (memory, time.GetTimestamp());
        return true;
    }

    private string Identity() =>
        state.IsPersistent && FileIdentity.Of(state.PathOf(StateFiles.Counters)) is { } file ? $"{boot.Boot:x32} {file}" : string.Empty;

    private static LeaseMemory? Read(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, LeaseJson.Default.LeaseMemory) is { Holder.Length: > 0, Salt: not null, Issuer: not null, Counters: not null, Shares: not null } memory
                && Base64Url.IsValid(memory.Salt)
                ? memory
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
