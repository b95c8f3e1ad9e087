namespace EdgeGuard.Options;

/// <summary>How request bodies are read by policies that look at them (<c>bodies.*</c>).</summary>
public sealed record BodyOptions
{
    /// <summary>Memory of all bodies that are kept at a time, in bytes; beyond it requests are refused with <c>overload_shed</c>.</summary>
    public long MemoryBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>How long a client may take to send what is looked at.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
