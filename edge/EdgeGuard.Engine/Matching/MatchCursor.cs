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

    // To the next stretch that holds anything. Straight on and not by a step for each phase: the jump table of a switch that was entered
    // seven times a request was 5 % of a decision.
    private bool Advance()
    {
        while (_phase != Phase.Done)
        {
            if (_phase == Phase.Exact)
            {
                var list = _index.Exact.Find(_host, _path);
                _exact = list < 0 ? default : _index.ExactLists[list];
                _listing = false;
                _phase = Phase.Prefixes;
                Descend();
                if (Set(_exact))
                {
                    return true;
                }
            }

            _listing = true;
            if (_phase == Phase.Prefixes)
            {
                if (AdvancePrefix())
                {
                    return true;
                }

                _phase = Phase.NextHost;
                if (Set(_index.Routes[_host].Pathless))
                {
                    return true;
                }
            }

            _phase = _host == 0 ? Phase.Done : Phase.Exact;
            _host = 0;
        }

        return false;
    }

    // Up from the deepest known node of the path.
    private bool AdvancePrefix()
    {
        while (_node >= 0)
        {
            ref readonly var node = ref _index.Nodes[_node];
            if (!_belowDone)
            {
                _belowDone = true;
                if (_moreBelow && Set(node.Below))
                {
                    return true;
                }
            }

            _node = node.Up;
            _moreBelow = true;
            _belowDone = false;
            if (Set(node.AtOrBelow))
            {
                return true;
            }
        }

        return false;
    }

    // From the root to the deepest known node of the path. Empty segments count for nothing, so that //v1///x is below /v1.
    private void Descend()
    {
        _node = _index.Routes[_host].Root;
        _belowDone = false;
        var position = 0;
        while (true)
        {
            while (position < _path.Length && _path[position] == (byte)'/')
            {
                position++;
            }

            _moreBelow = position < _path.Length;
            if (!_moreBelow || _index.Nodes[_node].IsLeaf)
            {
                return;
            }

            var rest = _path[position..];
            var end = rest.IndexOf((byte)'/');
            var segment = end < 0 ? rest : rest[..end];
            var child = _index.Edges.Find(_node, segment);
            if (child < 0)
            {
                return;
            }

            _node = child;
            position += segment.Length;
        }
    }

    private bool Set(MemberRange range)
    {
        _position = range.Start;
        _end = range.Start + range.Count;
        return range.Count > 0;
    }
}
