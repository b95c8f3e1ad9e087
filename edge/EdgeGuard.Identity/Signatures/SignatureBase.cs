using System.Text;
using EdgeGuard.Identity.Structured;

namespace EdgeGuard.Identity.Signatures;

/// <summary>Builds the bytes that a signature is over (RFC 9421 section 2.5).</summary>
internal static class SignatureBase
{
    /// <summary>The bytes; null when a covered component is not there exactly once.</summary>
    public static byte[]? Build(MessageSignature signature, IIncomingRequest request, RequestParts parts)
    {
        var text = new StringBuilder(512);
        foreach (var component in signature.Components)
        {
            if (ComponentValue.Of(component, request, parts) is not { } value)
            {
                return null;
            }

            StructuredFieldWriter.Append(text, component.Item);
            text.Append(": ").Append(value).Append('\n');
        }

        text.Append("\"@signature-params\": ");
        StructuredFieldWriter.Append(text, signature.Parameters);
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
