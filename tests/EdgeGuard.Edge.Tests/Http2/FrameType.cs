namespace EdgeGuard.Edge.Tests.Http2;

/// <summary>Types of HTTP/2 frames (RFC 9113 section 6).</summary>
internal static class FrameType
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Priority = 2;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte PushPromise = 5;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte Continuation = 9;
    public const byte Unknown = 0xEE;
}
