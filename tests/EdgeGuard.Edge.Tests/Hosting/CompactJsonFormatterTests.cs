using System.Text.Json;
using EdgeGuard.Logging;
using EdgeGuard.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGuard.Edge.Tests.Hosting;

public sealed class CompactJsonFormatterTests
{
    [Fact]
    public void Event_IsOneLineThatHoldsItsMessageAndEachValueOnce()
    {
        var line = Format("Bundle {Version} refused: {Problem}", null, 7L, "first line\nsecond \"line\"");

        Assert.Equal(1, line.Count(character => character == '\n'));
        Assert.EndsWith("\n", line, StringComparison.Ordinal);
        Assert.DoesNotContain("OriginalFormat", line, StringComparison.Ordinal);
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(
            ["time", "level", "category", "event", "message", "values"], json.EnumerateObject().Select(property => property.Name));
        Assert.Equal("warning", json.GetProperty("level").GetString());
        Assert.Equal(("a.category", 42), (json.GetProperty("category").GetString(), json.GetProperty("event").GetInt32()));
        Assert.Equal("Bundle 7 refused: first line\nsecond \"line\"", json.GetProperty("message").GetString());
        Assert.Equal(7, json.GetProperty("values").GetProperty("Version").GetInt64());
        Assert.Equal(2, json.GetProperty("values").EnumerateObject().Count());
    }

    [Fact]
    public void Event_WithoutValues_HasNone_AndItsExceptionIsOnTheSameLine()
    {
        var line = Format("It failed", new InvalidOperationException("why\nnot"));

        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(1, line.Count(character => character == '\n'));
        Assert.False(json.TryGetProperty("values", out _));
        Assert.Contains("why\nnot", json.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    private static string Format(string template, Exception? exception, params object?[] values)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var logger = new Capture((state, formatter) => new CompactJsonFormatter(new TestTimeProvider()).Write(
            new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(
                LogLevel.Warning, "a.category", new EventId(42), state, exception, (_, _) => formatter), null, text));
        logger.Log(LogLevel.Warning, new EventId(42), exception, template, values);
        return text.ToString();
    }

    private sealed class Capture(Action<IReadOnlyList<KeyValuePair<string, object?>>, string> take) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            take((IReadOnlyList<KeyValuePair<string, object?>>)state!, formatter(state, exception));
    }
}
