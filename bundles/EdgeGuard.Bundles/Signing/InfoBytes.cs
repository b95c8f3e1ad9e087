using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace EdgeGuard.Bundles.Signing;

/// <summary>Several texts as one sequence of bytes from which only these texts can have come: each behind its length.</summary>
internal static class InfoBytes
{
    /// <summary>Each text as UTF-8 behind its length as 32 bits, big-endian.</summary>
    public static byte[] Join(params ReadOnlySpan<string> parts)
    {
        var output = new ArrayBufferWriter<byte>(256);
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), Encoding.UTF8.GetByteCount(part));
            output.Advance(sizeof(int));
            Encoding.UTF8.GetBytes(part, output);
        }

        return output.WrittenSpan.ToArray();
    }
}
