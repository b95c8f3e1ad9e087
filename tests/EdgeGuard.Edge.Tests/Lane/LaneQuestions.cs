namespace EdgeGuard.Edge.Tests.Lane;

/// <summary>Questions of gateways as they come over the wire.</summary>
internal static class LaneQuestions
{
    public static string Ask(string target = "/v1/a", string headers = "", string method = "GET", string path = "/v1/decision", string host = "api.test") =>
        $"GET {path} HTTP/1.1\r\nHost: gateway\r\nX-Original-Method: {method}\r\nX-Original-URI: {target}\r\nX-Original-Host: {host}\r\n{headers}\r\n";

    /// <summary>An answer without what differs from one to the next, its header lines in order of their names.</summary>
    public static string Comparable(string answers)
    {
        var comparable = new List<string>();
        while (answers.Length > 0)
        {
            var end = answers.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
            {
                comparable.Add("cut off: " + answers);
                break;
            }

            var lines = answers[..end].Split("\r\n");
            var length = lines.Where(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
                .Select(line => int.Parse(line["Content-Length: ".Length..])).FirstOrDefault();
            var body = answers.Substring(end + 4, Math.Min(length, answers.Length - end - 4));
            answers = answers[(end + 4 + body.Length)..];
            var id = lines.Where(line => line.StartsWith("X-EdgeGuard-Decision-Id: ", StringComparison.Ordinal))
                .Select(line => line["X-EdgeGuard-Decision-Id: ".Length..]).FirstOrDefault();
            comparable.Add(lines[0]);
            comparable.AddRange(lines.Skip(1).Where(line => !line.StartsWith("Date: ", StringComparison.Ordinal))
                .Select(line => id is null ? line : line.Replace(id, "ID", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
            comparable.Add(id is null ? body : body.Replace(id, "ID", StringComparison.Ordinal));
        }

        return string.Join('\n', comparable);
    }
}
