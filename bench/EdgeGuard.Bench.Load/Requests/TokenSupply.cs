namespace EdgeGuard.Bench.Load.Requests;

/// <summary>
/// Bearer tokens: the first few are used again and again, and a share of the requests gets one that nobody has sent before.
/// </summary>
internal sealed class TokenSupply
{
    private readonly byte[][] _tokens;
    private readonly int _known;
    private readonly double _freshShare;
    private int _nextFresh;

    /// <param name="tokens">All tokens.</param>
    /// <param name="known">How many of them, from the first, are the ones used again.</param>
    /// <param name="freshShare">Share of requests, 0 to 1, that take the next unused one.</param>
    /// <param name="skipFresh">Unused ones to leave out: an earlier run against the same server has sent them.</param>
    public TokenSupply(IEnumerable<string> tokens, int known, double freshShare, int skipFresh = 0)
    {
        _tokens = [.. tokens.Select(token => System.Text.Encoding.ASCII.GetBytes(token))];
        ArgumentOutOfRangeException.ThrowIfLessThan(known, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(known, _tokens.Length);
        _known = known;
        _freshShare = freshShare;
        _nextFresh = known + skipFresh;
    }

    /// <summary>Requests that wanted an unused token when there was none left; they got a known one, and the run fails.</summary>
    public long Exhausted { get; private set; }

    /// <summary>Unused tokens that were given out.</summary>
    public long Fresh { get; private set; }

    public ReadOnlySpan<byte> Next(Random random)
    {
        if (_freshShare > 0 && random.NextDouble() < _freshShare)
        {
            if (_nextFresh < _tokens.Length)
            {
                Fresh++;
                return _tokens[_nextFresh++];
            }

            Exhausted++;
        }

        return _tokens[random.Next(_known)];
    }
}
