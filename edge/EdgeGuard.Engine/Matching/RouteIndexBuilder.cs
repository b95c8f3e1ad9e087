using System.Collections.Immutable;
using System.Text;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Matching;

/// <summary>Builds a <see cref="RouteIndex"/> once a bundle.</summary>
internal sealed class RouteIndexBuilder
{
    private readonly Dictionary<string, int> _hosts = new(StringComparer.Ordinal);
    private readonly List<List<int>> _pathless = [[]];
    private readonly Dictionary<(int Host, string Path), List<int>> _exact = [];
    private readonly Dictionary<(int Parent, string Segment), int> _edges = [];
    private readonly List<Node> _nodes = [new Node(-1)];
    private readonly List<int> _roots = [0];
    private readonly Dictionary<string, int> _methods = new(StringComparer.Ordinal);
    private readonly List<int> _members = [];

    /// <summary>Builds. Policies are already in the order of their ids.</summary>
    /// <param name="selectors">Selector of each policy.</param>
    /// <param name="eitherPath">Whether exact path and prefix in one selector mean either (the peer's dialect) or both.</param>
    public static RouteIndex Build(ImmutableArray<SelectorDefinition> selectors, bool eitherPath)
    {
        var builder = new RouteIndexBuilder();
        var methods = new int[selectors.Length][];
        var twice = new bool[selectors.Length];
        for (var policy = 0; policy < selectors.Length; policy++)
        {
            var selector = selectors[policy];
            methods[policy] = builder.MethodsOf(selector)!;
            twice[policy] = eitherPath && selector is { PathExact: not null, PathPrefix: not null };
            if (selector.Hosts.IsEmpty)
            {
                builder.Add(policy, 0, selector, eitherPath);
            }

            for (var i = 0; i < selector.Hosts.Length; i++)
            {
                // A host named twice counts once.
                if (selector.Hosts.IndexOf(selector.Hosts[i]) == i)
                {
                    builder.Add(policy, builder.HostNumber(selector.Hosts[i]), selector, eitherPath);
                }
            }
        }

        return builder.Finish(methods, twice);
    }

    private void Add(int policy, int host, SelectorDefinition selector, bool eitherPath)
    {
        var exact = selector.PathExact;
        var prefix = selector.PathPrefix;
        if (exact is not null && prefix is not null && !eitherPath)
        {
            // Both must hold: the exact path, if the prefix covers it, and otherwise nothing.
            if (!Covers(prefix, exact))
            {
                return;
            }

            prefix = null;
        }

        if (exact is not null)
        {
            if (!_exact.TryGetValue((host, exact), out var list))
            {
                _exact.Add((host, exact), list = []);
            }

            list.Add(policy);
        }

        if (prefix is not null)
        {
            var node = _nodes[NodeOf(host, prefix)];
            var below = prefix.Length > 1 && prefix.EndsWith('/');
            (below ? node.Below : node.AtOrBelow).Add(policy);
        }

        if (exact is null && prefix is null)
        {
            _pathless[host].Add(policy);
        }
    }

    private static bool Covers(string prefix, string path)
    {
        var segments = prefix.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var of = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var least = segments.Length + (prefix.Length > 1 && prefix.EndsWith('/') ? 1 : 0);
        return of.Length >= least && segments.AsSpan().SequenceEqual(of.AsSpan(0, segments.Length));
    }

    private int NodeOf(int host, string prefix)
    {
        var node = _roots[host];
        foreach (var segment in prefix.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!_edges.TryGetValue((node, segment), out var child))
            {
                child = _nodes.Count;
                _nodes.Add(new Node(node));
                _nodes[node].IsLeaf = false;
                _edges.Add((node, segment), child);
            }

            node = child;
        }

        return node;
    }

    private int HostNumber(string host)
    {
        if (!_hosts.TryGetValue(host, out var number))
        {
            number = _pathless.Count;
            _hosts.Add(host, number);
            _pathless.Add([]);
            _roots.Add(_nodes.Count);
            _nodes.Add(new Node(-1));
        }

        return number;
    }

    private int[]? MethodsOf(SelectorDefinition selector)
    {
        if (selector.Methods.IsEmpty)
        {
            return null;
        }

        var numbers = new int[selector.Methods.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!_methods.TryGetValue(selector.Methods[i], out numbers[i]))
            {
                numbers[i] = _methods.Count;
                _methods.Add(selector.Methods[i], numbers[i]);
            }
        }

        return numbers;
    }

    private RouteIndex Finish(int[][] methods, bool[] twice)
    {
        var exact = new List<(int, byte[], int)>(_exact.Count);
        var exactLists = new MemberRange[_exact.Count];
        foreach (var ((host, path), list) in _exact)
        {
            exactLists[exact.Count] = Append(list);
            exact.Add((host, Encoding.UTF8.GetBytes(path), exact.Count));
        }

        var nodes = new RouteNode[_nodes.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i] = new RouteNode(NearestAbove(i), Append(_nodes[i].Below), Append(_nodes[i].AtOrBelow), _nodes[i].IsLeaf);
        }

        var routes = new HostRoutes[_pathless.Count];
        for (var host = 0; host < routes.Length; host++)
        {
            routes[host] = new HostRoutes(_roots[host], Append(_pathless[host]));
        }

        return new RouteIndex
        {
            Hosts = Map(_hosts, static key => (RouteIndex.HostScope, key)),
            Exact = ByteMap.Build(exact),
            ExactLists = exactLists,
            Edges = Map(_edges, static key => key),
            Nodes = nodes,
            Routes = routes,
            Members = [.. _members],
            Methods = methods,
            MethodNumbers = Map(_methods, static key => (0, key)),
            ListedTwice = twice,
        };
    }

    private static ByteMap Map<TKey>(Dictionary<TKey, int> numbers, Func<TKey, (int Scope, string Text)> read)
        where TKey : notnull
    {
        var entries = new List<(int, byte[], int)>(numbers.Count);
        foreach (var (key, value) in numbers)
        {
            var (scope, text) = read(key);
            entries.Add((scope, Encoding.UTF8.GetBytes(text), value));
        }

        return ByteMap.Build(entries);
    }

    // Parents are created before their children, so one look up suffices, bounded by the depth of the prefix.
    private int NearestAbove(int node)
    {
        var above = _nodes[node].Parent;
        while (above >= 0 && _nodes[above].Below.Count == 0 && _nodes[above].AtOrBelow.Count == 0)
        {
            above = _nodes[above].Parent;
        }

        return above;
    }

    private MemberRange Append(List<int> list)
    {
        var range = new MemberRange(_members.Count, list.Count);
        _members.AddRange(list);
        return range;
    }

    private sealed class Node(int parent)
    {
        public int Parent { get; } = parent;

        public bool IsLeaf { get; set; } = true;

        public List<int> Below { get; } = [];

        public List<int> AtOrBelow { get; } = [];
    }
}
