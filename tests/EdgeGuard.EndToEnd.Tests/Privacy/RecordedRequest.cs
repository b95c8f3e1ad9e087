using System.Text;

namespace EdgeGuard.EndToEnd.Tests.Privacy;

/// <summary>One request that left an edge, decoded: request line, headers, body.</summary>
internal sealed record RecordedRequest(string Method, string Target, string Protocol, string Headers, byte[] Body)
{
    /// <summary>Everything as text, for searching.</summary>
    public string Text => $"{Method} {Target}\n{Headers}\n{Encoding.UTF8.GetString(Body)}";
}
