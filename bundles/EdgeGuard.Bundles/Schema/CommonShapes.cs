using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Schema;

/// <summary>Values that many fields share.</summary>
internal static class CommonShapes
{
    /// <summary>Most that a rate, capacity, budget or cost may be: exact in a double and far above any traffic.</summary>
    public const double MaxUnits = 1e12;

    /// <summary>Cost source of budgets of models.</summary>
    public const string LlmCost = "llm:cost";

    public static TextShape Identifier { get; } = new()
    {
        Form = TextForm.Name,
        Noun = "id",
        MaxLength = 128,
        Pattern = "^[A-Za-z0-9][A-Za-z0-9._:/ -]*$",
        Example = "letters, digits and . _ : / - and blanks, beginning with a letter or digit: per-key",
    };

    public static TextShape Label { get; } = new()
    {
        Form = TextForm.Name,
        Noun = "name",
        MaxLength = 64,
        Pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$",
        Example = "letters, digits and . _ -, beginning with a letter or digit: payments",
    };

    public static TextShape Reason { get; } = new() { Noun = "text", MaxLength = 256, Example = "one sentence of at most 256 characters" };

    public static TextShape Timestamp { get; } = new()
    {
        Form = TextForm.Timestamp,
        Noun = "time",
        Pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
        Example = "a real date in UTC, to the second: 2026-01-31T12:00:00Z",
    };

    public static TextShape Descriptor { get; } = new()
    {
        Form = TextForm.Descriptor,
        Noun = "descriptor",
        MaxLength = DescriptorCatalog.MaxLength,
        Pattern = DescriptorCatalog.Pattern,
        Example = "header:<name>, query:<name>, cookie:<name>, jwt:<claim>, ip:address or another of the reference",
    };

    public static TextShape Host { get; } = new()
    {
        Form = TextForm.Name,
        Noun = "host name",
        MaxLength = 253,
        Pattern = @"^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*)$",
        Example = "an exact host without port, wildcard or closing dot: api.example.com",
    };

    // Paths may hold digests and ids, so nothing random is suspected in them.
    public static TextShape UrlPath { get; } = new()
    {
        Form = TextForm.TrafficValue,
        Noun = "path",
        MaxLength = 1024,
        Pattern = "^/",
        Example = "a path that begins with a slash: /v1/",
    };

    public static TextShape Method { get; } = new()
    {
        Form = TextForm.Name,
        Noun = "method",
        MaxLength = 32,
        Pattern = "^[A-Z][A-Z0-9_-]*$",
        Example = "a method in capitals: GET",
    };

    public static TextShape Url { get; } = new()
    {
        Form = TextForm.Url,
        Noun = "https address",
        MaxLength = 2048,
        Pattern = @"^(https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/]|\$\{(env|file):)",
        Example = "https://login.example.com/.well-known/jwks.json (http only for 127.0.0.1, localhost and [::1])",
    };

    public static TextShape FilePath { get; } = new()
    {
        Form = TextForm.TrafficValue,
        Noun = "file path",
        MaxLength = 1024,
        Pattern = "^/",
        Example = "an absolute path: /etc/edgeguard/jwks.json",
    };

    public static TextShape Secret { get; } = new()
    {
        Form = TextForm.Secret,
        Noun = "secret reference",
        MaxLength = 1024,
        Pattern = @"^\$\{(env:[A-Za-z_][A-Za-z0-9_]*|file:/[^{}]+)\}$",
        Example = "a reference: ${env:NAME} or ${file:/path}",
    };

    public static TextShape Sha256 { get; } = new()
    {
        Form = TextForm.PublicBytes,
        Noun = "SHA-256 in hex",
        MinLength = 64,
        MaxLength = 64,
        Pattern = "^[0-9a-f]+$",
        Example = "64 hex digits in lower case",
    };

    public static TextShape TrafficValue { get; } = new() { Form = TextForm.TrafficValue, Noun = "value", Example = "a value of 1 to 1024 characters" };

    public static TextShape KilledValue { get; } = new() { Form = TextForm.KilledValue, Noun = "value", Example = "the value to refuse, 1 to 1024 characters" };

    public static TextShape CostSource { get; } = new()
    {
        Form = TextForm.CostSource,
        Noun = "cost source",
        MaxLength = DescriptorCatalog.MaxLength,
        Pattern = "^(fixed|(header|query):[A-Za-z0-9_-]{1,100})$",
        Example = "fixed, header:<name> or query:<name>",
    };

    public static TextShape BudgetCostSource { get; } = new()
    {
        Form = TextForm.CostSource,
        Noun = "cost source",
        MaxLength = DescriptorCatalog.MaxLength,
        Pattern = "^(fixed|llm:cost|(header|query):[A-Za-z0-9_-]{1,100})$",
        Example = "fixed, llm:cost, header:<name> or query:<name>",
    };

    public static NumberShape Units { get; } = new() { Min = 0, AboveMin = true, Max = MaxUnits };

    public static NumberShape Count(long min, long max) => new() { Whole = true, Min = min, Max = max };

    /// <summary>A whole number for which the peer has no upper bound.</summary>
    public static NumberShape CappedCount(long min, long max) => new() { Whole = true, Min = min, Max = max, CappedInPeer = true };

    public static NumberShape Between(double min, double max) => new() { Min = min, Max = max };

    public static NumberShape OneOf(params ReadOnlySpan<long> values) =>
        new() { Whole = true, Allowed = [.. values], Min = values[0], Max = values[^1] };

    public static TextShape Words(params ReadOnlySpan<string> values) =>
        new() { Form = TextForm.Name, Noun = "word", Allowed = [.. values] };

    // Audiences and issuers are often random by nature: client ids, tenant ids.
    public static TextShape Value(string noun, int max) => new() { Form = TextForm.TrafficValue, Noun = noun, MaxLength = max };

    public static TextShape Text(string noun, int max) => new() { Noun = noun, MaxLength = max };

    public static TextShape Duration(TimeSpan min, TimeSpan max) => new()
    {
        Form = TextForm.Duration,
        Noun = "duration",
        Pattern = "^[0-9]{1,9}(ms|s|m|h|d)$",
        MinDuration = min,
        MaxDuration = max,
        Example = "a whole number and a unit (ms, s, m, h, d): 30s",
    };

    public static ListShape List(ValueShape item, int min, int max) => new(item, min, max);
}
