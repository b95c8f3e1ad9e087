using System.Net;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>The head of a request as a decision looks at it, whoever parsed it. Implemented by structs, so that a look costs no dispatch.</summary>
internal interface IRequestHead
{
    /// <summary>The connection's peer; null for one on a Unix socket.</summary>
    IPAddress? Peer { get; }

    /// <summary>Whether the connection is TLS.</summary>
    bool IsTls { get; }

    /// <summary>How many field lines a header has.</summary>
    int CountOf(string name);

    /// <summary>One of a header's field lines, counted from 0; there are <see cref="CountOf"/> of them.</summary>
    ReadOnlySpan<char> LineOf(string name, int index);
}
