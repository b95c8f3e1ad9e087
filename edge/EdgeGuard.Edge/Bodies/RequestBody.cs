using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Facts.Tokens;

namespace EdgeGuard.Edge.Bodies;

/// <summary>What was read of a request's body before it was decided on. Given back when it has been forwarded, or with the request.</summary>
internal sealed class RequestBody(BodyBudget budget, TokenCounters vocabularies) : IDisposable
{
    private readonly Lock _gate = new();
    private PooledBytes? _decoded;
    private bool _disposed;

    /// <summary>The bytes as they came.</summary>
    public PooledBytes Raw { get; } = new(budget);

    /// <summary>Whether <see cref="Raw"/> is all of it.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Whether it is in a coding that cannot be read, breaks the coding's rules, or is longer than the bound when decoded.</summary>
    public bool IsOpaque { get; set; }

    /// <summary>Declared length, or null.</summary>
    public long? DeclaredLength { get; init; }

    /// <summary>Whether limits see less than all of it.</summary>
    public bool IsTooLarge => !IsWhole || IsOpaque;

    /// <summary>Keeps the decoded form until it has been looked at.</summary>
    public void Keep(PooledBytes decoded) => _decoded = decoded;

    /// <summary>Changes it before it is forwarded; false when it is gone, or there is no memory for more of it.</summary>
    public bool TryEdit(int position, int removed, ReadOnlySpan<byte> inserted)
    {
        lock (_gate)
        {
            return !_disposed && Raw.TryReplace(position, removed, inserted);
        }
    }

    /// <summary>Tells limits what they want to know. Once.</summary>
    /// <param name="facts">Where it goes.</param>
    /// <param name="path">Path of the request, which may name the model.</param>
    public void Describe(BodyFacts facts, ReadOnlySpan<byte> path)
    {
        var content = _decoded ?? Raw;
        BodyAnalyzer.Analyze(content.Span, facts);
        if (!IsTooLarge && vocabularies.Find(ModelPath.ModelOf(path, facts)) is { } counter)
        {
            BodyAnalyzer.CountTokens(content.Span, facts, counter);
        }

        facts.IsTooLarge = IsTooLarge;
        facts.Length = Math.Max(DeclaredLength ?? 0, content.Length);
        _decoded?.Dispose();
        _decoded = null;
    }

    /// <summary>Copies what follows a position. At the end the memory is given back.</summary>
    public int Read(int position, Span<byte> buffer)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return 0;
            }

            var rest = Raw.Span[position..];
            var count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            if (count == rest.Length)
            {
                Release();
            }

            return count;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            Release();
        }
    }

    private void Release()
    {
        if (!_disposed)
        {
            _disposed = true;
            Raw.Dispose();
            _decoded?.Dispose();
        }
    }
}
