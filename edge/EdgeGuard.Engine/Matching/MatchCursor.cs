namespace EdgeGuard.Engine.Matching;

/// <summary>
/// Walks the policies that match one request, most specific first: the host's own before those of any host; within these the exact path,
/// then the longest prefix, then those without a path; then by id.
/// </summary>
internal ref struct MatchCursor
{
    private readonly RouteIndex _index;
    private readonly ReadOnlySpan<byte> _path;
    private readonly int _method;
    private int _host;
    private Phase _phase;
    private int _node;
    private bool _moreBelow;
    private bool _belowDone;
    private bool _listing;
    private int _position;
    private int _end;
    private MemberRange _exact;

    public MatchCursor(RouteIndex index, ReadOnlySpan<byte> method, ReadOnlySpan<byte> host, ReadOnlySpan<byte> path)
    {
        _index = index;
        _path = path;
        _method = index.MethodNumbers.Find(0, method);
        _host = host.IsEmpty ? ByteMap.Missing : index.Hosts.Find(RouteIndex.HostScope, host);
        if (_host < 0)
        {
            _host = 0;
        }
    }

    private enum Phase : byte
    {
        Exact,
        Prefixes,
        Pathless,
        NextHost,
        Done,
    }

    /// <summary>The next policy.</summary>
    public bool Next(out int policy)
    {
        do
        {
            while (_position < _end)
            {
                policy = _index.Members[_position++];
                if (MethodMatches(policy) && !GivenAlready(policy))
                {
                    return true;
                }
            }
        }
        while (Advance());

        policy = -1;
        return false;
    }

    private readonly bool MethodMatches(int policy)
    {
        var methods = _index.Methods[policy];
        return methods is null || methods.AsSpan().Contains(_method);
    }

    // The exact list is given first, while _listing is still false.
    private readonly bool GivenAlready(int policy) =>
        _listing && _index.ListedTwice[policy] && _index.Members.AsSpan(_exact.Start, _exact.Count).Contains(policy);

    private bool Advance()
    {
        switch (_phase)
        {
            case Phase.Exact:
                var list = _index.Exact.Find(_host, _path);
                _exact = list < 0 ? default : _index.ExactLists[list];
                Set(_exact);
                _listing = false;
                _phase = Phase.Prefixes;
                Descend();
                return true;
            case Phase.Prefixes:
                _listing = true;
                AdvancePrefix();
                return true;
            case Phase.Pathless:
                Set(_index.Routes[_host].Pathless);
                _phase = Phase.NextHost;
                return true;
            case Phase.NextHost:
                _phase = _host == 0 ? Phase.Done : Phase.Exact;
                _host = 0;
                return true;
            default:
                return false;
        }
    }

    private void AdvancePrefix()
    {
        if (_node < 0)
        {
            _phase = Phase.Pathless;
            return;
        }

        ref readonly var node = ref _index.Nodes[_node];
        if (!_belowDone)
        {
            _belowDone = true;
            if (_moreBelow)
            {
                Set(node.Below);
            }

            return;
        }

        Set(node.AtOrBelow);
        _node = node.Up;
        _moreBelow = true;
        _belowDone = false;
    }

    // From the root to the deepest known node of the path. Empty segments count for nothing, so that //v1///x is below /v1.
    private void Descend()
    {
        _node = _index.Routes[_host].Root;
        var rest = _path;
        _belowDone = false;
        while (true)
        {
            rest = rest.TrimStart((byte)'/');
            if (rest.IsEmpty)
            {
                _moreBelow = false;
                return;
            }

            var end = rest.IndexOf((byte)'/');
            var child = _index.Edges.Find(_node, end < 0 ? rest : rest[..end]);
            if (child < 0)
            {
                _moreBelow = true;
                return;
            }

            _node = child;
            rest = end < 0 ? default : rest[end..];
        }
    }

    private void Set(MemberRange range)
    {
        _position = range.Start;
        _end = range.Start + range.Count;
    }
}
