using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Edge.State;

/// <summary>The edge's one state directory, or its stand-in in memory.</summary>
internal sealed class StateDirectory : IDisposable
{
    /// <summary>Whether what is written survives this process.</summary>
    public bool IsPersistent => throw new NotImplementedException();

    /// <summary>Opens and locks a directory; falls back to memory when told that state is ephemeral.</summary>
    public static StateDirectory Open(string path, bool ephemeral) => throw new NotImplementedException();

    /// <summary>Replaces a file: written aside, flushed to the disk, renamed.</summary>
    public void Write(string name, ReadOnlySpan<byte> bytes) => throw new NotImplementedException();

    /// <summary>A file's bytes, or null.</summary>
    public byte[]? Read(string name) => throw new NotImplementedException();

    /// <summary>The newest document accepted of a type.</summary>
    public HighWaterMark HighWater(DocumentType type) => throw new NotImplementedException();

    /// <summary>Raises the mark, durably, before anything signed with it takes effect.</summary>
    public void RaiseHighWater(DocumentType type, HighWaterMark mark) => throw new NotImplementedException();

    /// <inheritdoc />
    public void Dispose() => throw new NotImplementedException();
}
