namespace EdgeGuard.Engine.Bots;

/// <summary>Kind of bot that a User-Agent names. Names are those of <see cref="BotCategories"/>.</summary>
public enum BotCategory : byte
{
    /// <summary>No bot is named.</summary>
    None = 0,

    /// <summary>Indexes for a search engine.</summary>
    Search,

    /// <summary>Collects text or pictures for models.</summary>
    AiCrawler,

    /// <summary>Fetches because a person asked an assistant.</summary>
    AiAgent,

    /// <summary>Measures links and rankings.</summary>
    Seo,

    /// <summary>Makes previews of links.</summary>
    Social,

    /// <summary>Checks whether and how quickly a site answers.</summary>
    Monitoring,

    /// <summary>Fetches feeds.</summary>
    Feed,

    /// <summary>Keeps copies of pages.</summary>
    Archiver,

    /// <summary>Judges pages for advertisers.</summary>
    Advertising,

    /// <summary>Looks for weaknesses or open ports.</summary>
    Scanner,

    /// <summary>Drives a browser or makes load.</summary>
    Automation,

    /// <summary>A program's HTTP client under its own name.</summary>
    HttpLibrary,

    /// <summary>Calls itself a bot, crawler, spider or scraper.</summary>
    Other,
}
