namespace EdgeGuard.Engine.Bots;

/// <summary>Values of <c>ua:bot_category</c>, a closed list.</summary>
public static class BotCategories
{
    private static readonly string[] Names =
    [
        string.Empty, "search", "ai_crawler", "ai_agent", "seo", "social", "monitoring", "feed", "archiver", "advertising", "scanner", "automation",
        "http_library", "other",
    ];

    private static readonly byte[][] Utf8 = Array.ConvertAll(Names, System.Text.Encoding.ASCII.GetBytes);

    /// <summary>The value; empty for none.</summary>
    public static string NameOf(BotCategory category) => Names[(int)category];

    /// <summary>As <see cref="NameOf"/>, in bytes.</summary>
    public static ReadOnlySpan<byte> Utf8NameOf(BotCategory category) => Utf8[(int)category];
}
