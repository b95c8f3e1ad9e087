using System.Text.Json;
using EdgeGuard.Logging;
using EdgeGuard.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGuard.Edge.Tests.Hosting;

public sealed class CompactJsonFormatterTests
{
    private static readonly Action<ILogger, long, string, Exception?> Refused =
        LoggerMessage.Define<long, string>(LogLevel.Warning, new EventId(42), "Bundle {Version} refused: {Problem}");

    private static readonly Action<ILogger, Exception?> Failed = LoggerMessage.Define(LogLevel.Error, new EventId(43), "It failed");

    [Fact]
    public void Event_IsOneLineThatHoldsItsMessageAndEachValueOnce()
    {
        var line = Format(logger => Refused(logger, 7, "first line\nsecond \"line\"", null));

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
        var line = Format(logger => Failed(logger, new InvalidOperationException("why\nnot")));

        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(1, line.Count(character => character == '\n'));
        Assert.False(json.TryGetProperty("values", out _));
        Assert.Contains("why\nnot", json.GetProperty("exception").GetString(), StringComparison.Ordinal);
    }

    private static string Format(Action<ILogger> log)
    {
        using var text = new StringWriter { NewLine = "\n" };
        log(new Capture(new CompactJsonFormatter(new TestTimeProvider()), text));
        return text.ToString();
    }

    private sealed class Capture(CompactJsonFormatter target, TextWriter text) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            target.Write(new LogEntry<TState>(logLevel, "a.category", eventId, state, exception, formatter), null, text);
    }
}
