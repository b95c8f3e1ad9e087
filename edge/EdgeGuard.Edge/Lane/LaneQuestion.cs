using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Lane;

/// <summary>What a gateway asks, as far as the lane understands it.</summary>
internal readonly ref struct LaneQuestion
{
    /// <summary>The request that is decided on.</summary>
    public RequestLine Line { get; private init; }

    /// <summary>Status that the gateway wants for every refusal, or null.</summary>
    public int? Deny { get; private init; }

    /// <summary>Whether a throttled request is to be told its delay, whatever the options say.</summary>
    public bool TellsDelay { get; private init; }

    /// <summary>Reads the question; false for one that is not a plain one to a decision door.</summary>
    public static bool TryRead(in LaneHead head, out LaneQuestion question)
    {
        question = default;
        var request = head.Request;
        var target = request.Target;
        var mark = target.IndexOf('?');
        var path = mark < 0 ? target : target[..mark];
        if (path.StartsWith(DecisionRequests.EnvoyPrefix))
        {
            // The server takes dot segments and escapes away to see what is asked for, and refuses a NUL.
            question = new LaneQuestion { Line = new RequestLine(request.Method, request.Host, target[DecisionRequests.Envoy.Length..]) };
            return !path.Contains("/.", StringComparison.Ordinal) && !path.Contains("%0", StringComparison.Ordinal);
        }

        if (!DecisionRequests.TryRead(head, path, out var line) || !TryReadQuery(mark < 0 ? default : target[(mark + 1)..], out var deny, out var tells))
        {
            return false;
        }

        question = new LaneQuestion { Line = line, Deny = deny ? StatusCodes.Status403Forbidden : null, TellsDelay = tells };
        return true;
    }

    // In any other form it may mean something to the server's reader.
    private static bool TryReadQuery(ReadOnlySpan<char> query, out bool deny, out bool tells)
    {
        deny = tells = false;
        while (!query.IsEmpty)
        {
            var end = query.IndexOf('&');
            var part = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            if (part.SequenceEqual("deny=403") && !deny)
            {
                deny = true;
            }
            else if (part.SequenceEqual("throttle=tell") && !tells)
            {
                tells = true;
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
