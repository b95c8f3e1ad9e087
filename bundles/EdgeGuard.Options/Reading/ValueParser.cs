using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using EdgeGuard.Options.Definitions;

namespace EdgeGuard.Options.Reading;

/// <summary>Reads the text of an option by its kind. A failure is a message without the value; the caller adds that unless it is a secret.</summary>
internal static class ValueParser
{
    /// <summary>The value (text, number, Boolean, time span or list), or the problem.</summary>
    public static (object? Value, string? Code, string Message) Parse(OptionDefinition option, ImmutableArray<string> values, bool isList)
    {
        var text = values[0];
        return option.Kind switch
        {
            OptionKind.Boolean => text switch
            {
                "true" => (true, null, string.Empty),
                "false" => (false, null, string.Empty),
                _ => Wrong("not true or false"),
            },
            OptionKind.Choice => option.Choices.Contains(text, StringComparer.Ordinal) ? (text, null, string.Empty) : Wrong("not one of the words allowed"),
            OptionKind.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? InRange(option, number, number) : Wrong("not a whole number"),
            OptionKind.Size => TryParseSize(text, out var bytes) ? InRange(option, bytes, bytes) : Wrong("not a size"),
            OptionKind.Percent => TryParsePercent(text, out var millionths) ? InRange(option, millionths, millionths) : Wrong("not a share"),
            OptionKind.Duration => DurationText.TryParse(text, out var duration)
                ? InRange(option, duration, (long)duration.TotalMilliseconds) : Wrong("not a duration"),
            OptionKind.Address => ListenAddress.TryParse(text, out var address) && !(option.TcpOnly && (address!.IsOff || address.UnixPath is not null))
                ? (text, null, string.Empty) : Wrong("not an address to listen on"),
            OptionKind.Url => IsUrl(text) ? (text, null, string.Empty) : Wrong("not an absolute http or https address"),
            OptionKind.Path => text.Contains('\0', StringComparison.Ordinal) ? Wrong("not a path") : (text, null, string.Empty),
            OptionKind.Text => option.Secret || text.Length <= option.Max ? (text, null, string.Empty) : (null, OptionsCodes.OutOfRange, "too long"),
            _ => ParseList(option, isList ? values : SplitAll(values)),
        };
    }

    /// <summary>What would be right, as a fix.</summary>
    public static string Expected(OptionDefinition option)
    {
        var form = option.Kind switch
        {
            OptionKind.Boolean => "write true or false",
            OptionKind.Choice => "write one of " + string.Join(", ", option.Choices),
            OptionKind.Integer => "write a whole number",
            OptionKind.Size => "write bytes as 64MiB, 512KiB or 1GiB",
            OptionKind.Percent => "write a share such as 0.1% or 100%",
            OptionKind.Duration => "write a time such as 500ms, 10s, 5m or 1h",
            OptionKind.Address => option.TcpOnly ? "write host:port with an IP address" : "write host:port with an IP address, unix:/path, or off",
            OptionKind.Url => "write an address such as https://control.example:8443",
            OptionKind.List => "write a list of texts",
            OptionKind.ChoiceList => "write a list of " + string.Join(", ", option.Choices),
            OptionKind.UrlList => "write a list of addresses such as http://10.0.0.5:8080",
            OptionKind.NetworkList => "write a list of networks such as 10.0.0.0/8, or unix for peers on a Unix socket",
            _ => "write a text",
        };
        return option.Range.Length == 0 ? form : $"{form} ({option.Range})";
    }

    internal static bool TryParseSize(string text, out long bytes)
    {
        bytes = 0;
        var (digits, factor) = text switch
        {
            [.. var head, 'K', 'i', 'B'] => (head, 1024L),
            [.. var head, 'M', 'i', 'B'] => (head, 1024L * 1024),
            [.. var head, 'G', 'i', 'B'] => (head, 1024L * 1024 * 1024),
            _ => (text, 1L),
        };
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > long.MaxValue / factor)
        {
            return false;
        }

        bytes = count * factor;
        return true;
    }

    internal static bool TryParsePercent(string text, out long millionths)
    {
        millionths = 0;
        if (!text.EndsWith('%')
            || !decimal.TryParse(text.AsSpan()[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            || percent > 100 || percent * 10_000 != decimal.Truncate(percent * 10_000))
        {
            return false;
        }

        millionths = (long)(percent * 10_000);
        return true;
    }

    private static ImmutableArray<string> SplitAll(ImmutableArray<string> values) =>
        [.. values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    private static (object? Value, string? Code, string Message) ParseList(OptionDefinition option, ImmutableArray<string> items)
    {
        var result = ImmutableArray.CreateBuilder<string>(items.Length);
        foreach (var item in items)
        {
            var problem = option.Kind switch
            {
                OptionKind.ChoiceList when !option.Choices.Contains(item, StringComparer.Ordinal) => "not one of the words allowed",
                OptionKind.UrlList when !IsUrl(item) => "not an absolute http or https address",
                OptionKind.NetworkList when !IsNetwork(item) => "not a network",
                _ when item.Length == 0 => "empty",
                _ => null,
            };
            if (problem is not null)
            {
                return Wrong($"item `{item}` is {problem}");
            }

            result.Add(item);
        }

        return (result.ToImmutable(), null, string.Empty);
    }

    private static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) &&
        uri.UserInfo.Length == 0 && uri.Host.Length > 0;

    private static bool IsNetwork(string text) => text == "unix" || IPNetwork.TryParse(text, out _) || IPAddress.TryParse(text, out _);

    private static (object? Value, string? Code, string Message) InRange(OptionDefinition option, object value, long measure) =>
        measure >= option.Min && measure <= option.Max ? (value, null, string.Empty) : (null, OptionsCodes.OutOfRange, "out of range");

    private static (object? Value, string? Code, string Message) Wrong(string message) => (null, OptionsCodes.WrongType, message);
}
