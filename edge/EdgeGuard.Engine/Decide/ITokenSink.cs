namespace EdgeGuard.Engine.Decide;

/// <summary>Whoever counts what LLM rules reserve and settle. Not told of limits on trial.</summary>
public interface ITokenSink
{
    /// <summary>Tells of one rule, once a request.</summary>
    /// <param name="rule">Index of the rule over the whole snapshot that the request was decided by.</param>
    /// <param name="reserved">Tokens that were reserved.</param>
    /// <param name="actual">Tokens that the rule was charged in the end.</param>
    void Settled(int rule, long reserved, long actual);
}
