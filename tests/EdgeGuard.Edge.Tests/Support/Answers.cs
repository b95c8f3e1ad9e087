namespace EdgeGuard.Edge.Tests.Support;

/// <summary>Reads responses.</summary>
internal static class Answers
{
    /// <summary>A header's value, or null.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    /// <summary>Status and reason in one line.</summary>
    public static string Verdict(this HttpResponseMessage response) =>
        $"{(int)response.StatusCode} {response.Header("X-EdgeGuard-Reason") ?? "allow"}";
}
