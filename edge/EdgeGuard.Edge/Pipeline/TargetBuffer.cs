using System.Text;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Takes the target that is to be forwarded, as bytes; reused from request to request.</summary>
internal sealed class TargetBuffer
{
    private byte[] _bytes = new byte[256];
    private int _length;

    /// <summary>The target.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Takes a target.</summary>
    public void Set(string target)
    {
        Grow(target.Length);
        _length = Encoding.ASCII.GetBytes(target, _bytes);
    }

    /// <summary>Takes the beginning of a target.</summary>
    public void Set(ReadOnlySpan<byte> begin)
    {
        _length = 0;
        Append(begin);
    }

    /// <summary>Takes more of it.</summary>
    public void Append(ReadOnlySpan<byte> more)
    {
        Grow(_length + more.Length);
        more.CopyTo(_bytes.AsSpan(_length));
        _length += more.Length;
    }

    /// <summary>Takes more of it.</summary>
    public void Append(byte one) => Append([one]);

    private void Grow(int length)
    {
        if (_bytes.Length < length)
        {
            Array.Resize(ref _bytes, Math.Max(length, _bytes.Length * 2));
        }
    }
}
