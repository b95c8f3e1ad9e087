using System.Buffers.Text;
using System.Security.Cryptography;
using EdgeGuard.Contracts;
using EdgeGuard.Engine.Leases;

namespace EdgeGuard.Edge.Leases;

/// <summary>
/// The edge's side of the lease protocol: what it holds, what it has to tell, what it wants. No network, no file and no clock of its own; one thread at
/// a time. What decides is in the counters, and is there before anything is told.
/// </summary>
internal sealed class LeaseBook
{
    /// <summary>Keys that are kept in mind; of more than that those with nothing to tell are forgotten, and told of again when they want more.</summary>
    private const int MaxEntries = 65_536;

    /// <summary>Milliseconds after which a key that has been asked for in vain counts as spent everywhere: three recalls take less.</summary>
    private const long InVain = 5_000;

    /// <summary>Milliseconds after which a want is forgotten unless a request repeats it.</summary>
    private const long WantFor = 10_000;

    /// <summary>
    /// Milliseconds in which nothing is asked of a key after it was given back: whoever it was for has to come first, or two edges hand parts of a unit to and fro.
    /// </summary>
    private const long Quiet = 1_500;

    private readonly FleetLeases _leases;
    private readonly LeaseShares _shares;
    private readonly Dictionary<LeaseId, LeaseEntry> _entries = [];
    private readonly HashSet<LeaseEntry> _urgent = [];
    private string _salt = string.Empty;

    /// <summary>A book.</summary>
    /// <param name="leases">What decisions spend by.</param>
    /// <param name="memory">What this holder had, which the counters belong to; null to begin as a new one.</param>
    public LeaseBook(FleetLeases leases, LeaseMemory? memory = null)
    {
        _leases = leases;
        _shares = new LeaseShares(leases);
        Holder = memory?.Holder ?? NewHolder();
        Issuer = memory?.Issuer ?? string.Empty;
        Epoch = memory?.Epoch ?? 0;
        if (memory is { Salt.Length: > 0 })
        {
            _salt = memory.Salt;
            leases.Hold(Holder, Base64Url.DecodeFromChars(_salt));
            _shares.Restore(memory.Shares);
        }
    }

    /// <summary>Who holds the leases.</summary>
    public string Holder { get; private set; }

    /// <summary>Lineage of the control plane that gave them; empty before the first.</summary>
    public string Issuer { get; private set; }

    /// <summary>Highest epoch of a document that was taken in.</summary>
    public long Epoch { get; private set; }

    /// <summary>Whether something is wanted or was returned, which is told at once.</summary>
    public bool IsUrgent => _urgent.Count > 0;

    /// <summary>Keys kept in mind.</summary>
    public int Keys => _entries.Count;

    /// <summary>How often more was asked for, by key.</summary>
    public long Asked { get; private set; }

    /// <summary>What a restart would need to go on.</summary>
    public LeaseMemory Memory => new() { Holder = Holder, Salt = _salt, Issuer = Issuer, Epoch = Epoch, Shares = _shares.All };

    /// <summary>Takes what requests have asked for since.</summary>
    /// <param name="now">Milliseconds of the monotonic clock.</param>
    public void TakeWants(long now)
    {
        while (_leases.TryTakeWant(out var want))
        {
            if (EntryOf(in want) is { } entry)
            {
                entry.Of = want;
                entry.Wants = true;
                entry.WantedAt = now;
                _urgent.Add(entry);
                Asked++;
            }
        }
    }

    /// <summary>What is to be told now.</summary>
    /// <param name="all">Whether of all keys that changed, and not only of those that cannot wait.</param>
    /// <param name="now">Milliseconds of the monotonic clock.</param>
    public LeaseRequest Next(bool all, long now)
    {
        var reports = new List<LeaseReport>();
        foreach (var entry in all ? InOrder() : _urgent)
        {
            if (reports.Count == LeaseLimits.MaxReports)
            {
                break;
            }

            if (_leases.TryRead(entry.Of, out var figures) && (entry.Wants || figures != entry.Heard))
            {
                var of = entry.Of;
                var wants = entry.Wants && now >= entry.QuietUntil;
                entry.ReportedAt = now;
                reports.Add(new LeaseReport(of.Budget, of.Key.ToString(), of.Tier, of.Window, figures.Granted, figures.Returned, figures.Spent, wants));
            }
        }

        return new LeaseRequest(Holder, Confirm: false, Epoch, [.. _leases.Budgets.Take(LeaseLimits.MaxBudgets)], reports);
    }

    /// <summary>Takes a document in.</summary>
    /// <param name="document">Its payload, verified.</param>
    /// <param name="issuer">Lineage of the control plane that signed it.</param>
    /// <param name="epoch">Its epoch.</param>
    /// <param name="answered">The request that it answers; null for one that came by itself.</param>
    /// <param name="now">Milliseconds of the monotonic clock.</param>
    /// <param name="nanoseconds">The time that limits count by.</param>
    public LeaseOutcome Apply(LeaseDocument document, string issuer, long epoch, LeaseRequest? answered, long now, long nanoseconds)
    {
        if (!LeaseDocumentCheck.IsSane(document))
        {
            return LeaseOutcome.Refused;
        }

        if (!string.Equals(document.Holder, Holder, StringComparison.Ordinal) || epoch < Epoch)
        {
            return LeaseOutcome.LeftAside;
        }

        // Other keys or another control plane: what was spent under the former could be given out again under these.
        var isOther = (_salt.Length > 0 && document.Salt.Length > 0 && _salt != document.Salt) || (Issuer.Length > 0 && Issuer != issuer);
        if (document.Forfeit || isOther)
        {
            BeginAnew();
            return LeaseOutcome.NewHolder;
        }

        if (!TryOpen(document.Salt))
        {
            return LeaseOutcome.Refused;
        }

        (Issuer, Epoch) = (issuer, epoch);
        foreach (var standing in document.Standing)
        {
            _shares.Add(standing);
        }

        foreach (var grant in document.Grants)
        {
            Take(grant, nanoseconds);
        }

        var returned = false;
        foreach (var recall in document.Recalls)
        {
            returned |= TryReturn(recall, now, nanoseconds);
        }

        if (answered is not null)
        {
            Heard(answered, now);
        }

        return returned ? LeaseOutcome.Returned : LeaseOutcome.Applied;
    }

    /// <summary>Forgets keys whose windows are over.</summary>
    /// <param name="unixSeconds">The time that limits count by.</param>
    public void Prune(long unixSeconds)
    {
        foreach (var (id, entry) in _entries)
        {
            if (_leases.EndOf(entry.Of) is not { } end || end <= unixSeconds)
            {
                Forget(id, entry);
            }
        }
    }

    /// <summary>What is held of the keys that are kept in mind, by budget: standing, granted, returned, spent, in millionths of a unit.</summary>
    public IEnumerable<(string Budget, LeaseFigures Figures)> Held()
    {
        foreach (var entry in _entries.Values)
        {
            if (_leases.TryRead(entry.Of, out var figures))
            {
                yield return (entry.Of.Budget, figures);
            }
        }
    }

    private static string NewHolder() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(LeaseLimits.HolderLength / 2));

    // Nothing may be spent until the control plane has answered the new holder.
    private void BeginAnew()
    {
        _leases.Close();
        Holder = NewHolder();
        Issuer = string.Empty;
        _salt = string.Empty;
        _shares.Clear();
        _entries.Clear();
        _urgent.Clear();
    }

    private bool TryOpen(string salt)
    {
        if (_salt.Length > 0)
        {
            return true;
        }

        Span<byte> bytes = stackalloc byte[LeaseLimits.SaltLength + 1];
        if (!Base64Url.IsValid(salt, out var length) || length != LeaseLimits.SaltLength)
        {
            return false;
        }

        _leases.Hold(Holder, bytes[..Base64Url.DecodeFromChars(salt, bytes)]);
        _salt = salt;
        return true;
    }

    private void Take(LeaseGrant grant, long nanoseconds)
    {
        if (LeaseKey.TryParse(grant.Key, out var key))
        {
            _leases.Grant(new LeaseWant(grant.Budget, null, key, grant.Window), grant.Total, nanoseconds);
        }
    }

    private bool TryReturn(LeaseRecall recall, long now, long nanoseconds)
    {
        if (!LeaseKey.TryParse(recall.Key, out var key))
        {
            return false;
        }

        var of = new LeaseWant(recall.Budget, recall.Tier, key, recall.Window);
        if (_entries.TryGetValue(IdOf(in of), out var known))
        {
            of = known.Of;
        }

        // Without a place to remember it by it could not be told, and so is not returned.
        if (EntryOf(in of) is not { } entry || _leases.Return(in of, nanoseconds) == 0)
        {
            return false;
        }

        entry.QuietUntil = now + Quiet;
        _urgent.Add(entry);
        return true;
    }

    private void Heard(LeaseRequest answered, long now)
    {
        foreach (var report in answered.Reports)
        {
            var of = new LeaseWant(report.Budget, report.Tier, ParsedKey(report), report.Window);
            if (!_entries.TryGetValue(IdOf(in of), out var entry) || !_leases.TryRead(entry.Of, out var figures))
            {
                continue;
            }

            var heard = figures with { Granted = report.Granted, Returned = report.Returned, Spent = report.Spent };
            entry.Heard = heard;
            if (report.Wants)
            {
                Answered(entry, figures.Granted > report.Granted, now);
            }

            if (!entry.Wants && figures.Returned == heard.Returned)
            {
                _urgent.Remove(entry);
            }
        }
    }

    private void Answered(LeaseEntry entry, bool isGranted, long now)
    {
        if (isGranted)
        {
            entry.Wants = false;
            entry.InVainSince = null;
            _leases.Answer(entry.Of, isDry: false);
            return;
        }

        entry.InVainSince ??= now;
        var isDry = now - entry.InVainSince >= InVain;
        if (now - entry.WantedAt >= WantFor)
        {
            // Whoever still needs it asks again, and is told at once that there is nothing.
            entry.Wants = false;
            isDry = false;
            _leases.Answer(entry.Of, isDry);
        }
        else if (isDry)
        {
            _leases.Answer(entry.Of, isDry);
        }
    }

    private static LeaseKey ParsedKey(LeaseReport report) => LeaseKey.TryParse(report.Key, out var key) ? key : default;

    private IEnumerable<LeaseEntry> InOrder() =>
        _urgent.Concat(_entries.Values.Where(entry => !_urgent.Contains(entry)).OrderBy(entry => entry.ReportedAt));

    private LeaseEntry? EntryOf(in LeaseWant of)
    {
        var id = IdOf(in of);
        if (_entries.TryGetValue(id, out var entry))
        {
            return entry;
        }

        if (_entries.Count >= MaxEntries && !TryMakeRoom())
        {
            return null;
        }

        entry = new LeaseEntry(of);
        _entries.Add(id, entry);
        return entry;
    }

    // A tenth at a time, so that not every newcomer looks through all.
    private bool TryMakeRoom()
    {
        var forgotten = 0;
        foreach (var (id, entry) in _entries)
        {
            if (!_urgent.Contains(entry) && entry.Heard is not null)
            {
                Forget(id, entry);
                if (++forgotten == MaxEntries / 10)
                {
                    break;
                }
            }
        }

        return forgotten > 0;
    }

    private void Forget(LeaseId id, LeaseEntry entry)
    {
        _entries.Remove(id);
        _urgent.Remove(entry);
    }

    private static LeaseId IdOf(in LeaseWant of) => new(of.Budget, of.Key, of.Window);
}
