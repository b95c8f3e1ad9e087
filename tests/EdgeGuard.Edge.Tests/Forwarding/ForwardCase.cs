namespace EdgeGuard.Edge.Tests.Forwarding;

/// <summary>What a client sends, byte for byte, and what the upstream answers.</summary>
/// <param name="Request">The client's bytes.</param>
/// <param name="Answer">The upstream's bytes, to each request.</param>
/// <param name="Closes">Whether the upstream closes after that.</param>
/// <param name="Early">Whether it answers as soon as the head is there, and reads no body.</param>
internal sealed record ForwardCase(string Request, string Answer = ForwardCase.Ok, bool Closes = false, bool Early = false)
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
}
