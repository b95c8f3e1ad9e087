using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Tests.Leases;

/// <summary>An edge of the model: takes documents in as the contract says, spends what it may, and returns what it is asked for.</summary>
internal sealed class ModelHolder(int number)
{
    private readonly Dictionary<(string Key, long Window), Account> _accounts = [];
    private readonly List<LeaseStanding> _standing = [];

    public string Id { get; private set; } = LedgerSamples.Holder(number);

    public string EdgeId { get; } = "edge-" + number;

    public int Number { get; private set; } = number;

    public long Epoch { get; private set; }

    public bool MustConfirm { get; set; }

    /// <summary>A copy with the state of now: what a snapshot of the machine holds.</summary>
    public ModelHolder Snapshot()
    {
        var copy = new ModelHolder(Number) { Id = Id, Epoch = Epoch };
        copy.Restore(this);
        return copy;
    }

    /// <summary>Puts a snapshot in place of what it knows.</summary>
    public void Restore(ModelHolder snapshot)
    {
        _accounts.Clear();
        foreach (var (place, account) in snapshot._accounts)
        {
            _accounts.Add(place, account with { });
        }

        _standing.Clear();
        _standing.AddRange(snapshot._standing);
        (Id, Epoch) = (snapshot.Id, snapshot.Epoch);
    }

    /// <summary>Begins as somebody new: everything is lost.</summary>
    public void BeginAnew(int holder)
    {
        _accounts.Clear();
        _standing.Clear();
        (Id, Number, MustConfirm) = (LedgerSamples.Holder(holder), holder, false);
    }

    /// <summary>Units that it may still spend.</summary>
    public long Left(string key, long window, long units)
    {
        var account = At(key, window);
        return Math.Min(units, Standing(window, units) + account.Granted - account.Returned) - account.Spent;
    }

    /// <summary>Spends, if it may.</summary>
    public long Spend(string key, long window, long units, long cost)
    {
        var account = At(key, window);
        account.Wants = Left(key, window, units) < cost;
        if (MustConfirm || account.Wants)
        {
            return 0;
        }

        account.Spent += cost;
        return cost;
    }

    public LeaseRequest Request(int most) => new(
        Id, MustConfirm, Epoch, [LedgerSamples.Budget],
        _accounts.OrderBy(item => item.Key).Take(MustConfirm ? LeaseLimits.MaxReports : most).Select(item => new LeaseReport(
            LedgerSamples.Budget, item.Key.Key, null, item.Key.Window, item.Value.Granted, item.Value.Returned, item.Value.Spent, item.Value.Wants)).ToList());

    /// <summary>Takes a document in; late, twice or never. Tells whether the holder is retired.</summary>
    public bool Take(LeaseDocument document, long epoch, long units)
    {
        if (document.Holder != Id || epoch < Epoch)
        {
            return false;
        }

        Epoch = epoch;
        if (document.Forfeit)
        {
            return true;
        }

        _standing.AddRange(document.Standing);
        foreach (var grant in document.Grants)
        {
            var account = At(grant.Key, grant.Window);
            account.Granted = Math.Max(account.Granted, grant.Total);
        }

        foreach (var recall in document.Recalls)
        {
            At(recall.Key, recall.Window).Returned += Math.Max(0, Left(recall.Key, recall.Window, long.MaxValue / 2, units));
        }

        return false;
    }

    private long Left(string key, long window, long most, long units)
    {
        var account = At(key, window);
        return Math.Min(most, Standing(window, units) + account.Granted - account.Returned) - account.Spent;
    }

    private long Standing(long window, long units) => _standing.Where(share => share.FirstWindow <= window && window <= share.LastWindow)
        .Select(share => (long)((Int128)units * share.SharePpm / LeaseLimits.Whole)).DefaultIfEmpty().Max();

    private Account At(string key, long window)
    {
        if (!_accounts.TryGetValue((key, window), out var account))
        {
            account = new Account();
            _accounts.Add((key, window), account);
        }

        return account;
    }

    private sealed record Account
    {
        public long Granted { get; set; }

        public long Returned { get; set; }

        public long Spent { get; set; }

        public bool Wants { get; set; }
    }
}
