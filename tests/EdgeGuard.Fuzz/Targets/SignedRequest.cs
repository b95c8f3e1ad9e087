using System.Text;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Headers of a request as an agent has signed it, and what nobody may change in them.</summary>
/// <param name="agent">Who signed.</param>
/// <param name="lines">The header lines, one below the other.</param>
/// <param name="promise">Texts of which each has to be in a header when it is taken for this agent's.</param>
/// <param name="fields">Fields that are covered as a whole, with their values.</param>
/// <param name="coversBody">Whether another body does not fit.</param>
internal sealed class SignedRequest(string agent, string lines, string[] promise, (string Name, string Value)[] fields, bool coversBody)
{
    public string Agent => agent;

    public byte[] Bytes { get; } = Encoding.ASCII.GetBytes(lines);

    public bool CoversBody => coversBody;

    /// <summary>A message signature over <c>@method</c>, <c>@authority</c>, <c>@path</c>, <c>@query</c> and fields.</summary>
    /// <param name="agent">Who signs.</param>
    /// <param name="parameters">Parameters of the signature, from <c>;created</c> on.</param>
    /// <param name="sign">Signs.</param>
    /// <param name="fields">Covered as a whole.</param>
    /// <param name="isAgentMember">Whether of the field <c>signature-agent</c> only the member <c>a</c> is covered.</param>
    public static SignedRequest Of(string agent, string parameters, Func<byte[], byte[]> sign, (string Name, string Value)[] fields, bool isAgentMember = false)
    {
        var covered = new StringBuilder("(\"@method\" \"@authority\" \"@path\" \"@query\"");
        var signed = new StringBuilder($"\"@method\": POST\n\"@authority\": {HeaderRequest.Host}\n\"@path\": {HeaderRequest.Path}\n\"@query\": ?{HeaderRequest.Query}\n");
        var lines = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            var isMember = isAgentMember && name == "signature-agent";
            var component = isMember ? $"\"{name}\";key=\"a\"" : $"\"{name}\"";
            covered.Append(' ').Append(component);
            signed.Append(component).Append(": ").Append(isMember ? value[2..] : value).Append('\n');
            lines.Append(name).Append(": ").Append(value).Append('\n');
        }

        covered.Append(')').Append(parameters);
        signed.Append("\"@signature-params\": ").Append(covered);
        var signature = $":{Convert.ToBase64String(sign(Encoding.ASCII.GetBytes(signed.ToString())))}:";
        lines.Append("Signature-Input: s=").Append(covered).Append("\nSignature: s=").Append(signature);
        return new SignedRequest(
            agent,
            lines.ToString(),
            [signature],
            isAgentMember ? [] : fields,
            fields.Any(field => field.Name == "content-digest"));
    }

    /// <summary>Whether a request still has what was signed.</summary>
    public bool IsIn(IReadOnlyList<KeyValuePair<string, string>> headers, HeaderRequest request) =>
        Array.TrueForAll(promise, text => headers.Any(line => line.Value.Contains(text, StringComparison.Ordinal)))
        && Array.TrueForAll(fields, field => request.CombinedOf(field.Name) == field.Value);
}
