namespace EdgeGuard.Edge.Hosting;

/// <summary>
/// Lets sockets go on at once on the thread that notices what arrived: the proxy lane decides and forwards there. It holds for the whole process and makes YARP
/// slower, so only with that lane. The runtime reads the setting from the environment when the first socket is made, and has no other switch for it.
/// </summary>
internal static class InlineCompletions
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Asks for it, unless whoever started the process has said otherwise; to be called before any socket is made.</summary>
    public static void Prefer()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null)
        {
            Environment.SetEnvironmentVariable(Variable, "1");
        }
    }
}
