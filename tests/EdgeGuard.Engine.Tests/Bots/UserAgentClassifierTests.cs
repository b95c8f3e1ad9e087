using System.Text;
using EdgeGuard.Engine.Bots;
using EdgeGuard.Engine.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Bots;

public sealed class UserAgentClassifierTests
{
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

    [Theory]
    [InlineData(Chrome, "")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "")]
    [InlineData("Mozilla/5.0 (Linux; Android 9; CUBOT_X18_Plus) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36", "")]
    [InlineData("Mozilla/5.0 (Linux; Android 11; CUBOT KINGKONG 5) AppleWebKit/537.36", "")]
    [InlineData("okhttp/4.12.0", "")]
    [InlineData("MyApp/7 CFNetwork/1494.0.7 Darwin/23.4.0", "")]
    [InlineData("Robotics/1.0", "")]
    [InlineData("", "")]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "search")]
    [InlineData("Googlebot-Image/1.0", "search")]
    [InlineData("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "search")]
    [InlineData("Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)", "search")]
    [InlineData("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)", "ai_crawler")]
    [InlineData("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ChatGPT-User/1.0; +https://openai.com/bot", "ai_agent")]
    [InlineData("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", "ai_crawler")]
    [InlineData("Mozilla/5.0 (Applebot-Extended/0.1)", "ai_crawler")]
    [InlineData("Mozilla/5.0 (Applebot/0.1)", "search")]
    [InlineData("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "seo")]
    [InlineData("Screaming Frog SEO Spider/21.0", "seo")]
    [InlineData("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "social")]
    [InlineData("WhatsApp/2.23.20.0", "social")]
    [InlineData("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "social")]
    [InlineData("ELB-HealthChecker/2.0", "monitoring")]
    [InlineData("Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", "monitoring")]
    [InlineData("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers)", "feed")]
    [InlineData("Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)", "archiver")]
    [InlineData("AdsBot-Google (+http://www.google.com/adsbot.html)", "advertising")]
    [InlineData("Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)", "scanner")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36", "automation")]
    [InlineData("curl/8.5.0", "http_library")]
    [InlineData("python-requests/2.31.0", "http_library")]
    [InlineData("Go-http-client/2.0", "http_library")]
    [InlineData("Java/17.0.9", "http_library")]
    [InlineData("JavaFX/17", "")]
    [InlineData("got (https://github.com/sindresorhus/got)", "http_library")]
    [InlineData("SomethingNewBot/0.1 (+https://example.com)", "other")]
    [InlineData("my-own-crawler", "other")]
    [InlineData("python-requests/2.31.0 SomethingBot/1", "http_library")]
    [InlineData("python-requests/2.31.0 GPTBot/1", "ai_crawler")]
    [InlineData("GPTBot/1 Googlebot/2", "ai_crawler")]
    [InlineData("CURL/8", "http_library")]
    [InlineData("uncurl/8 xgooglebotx", "")]
    public void Classify_UserAgents_NamesTheBot(string userAgent, string category)
    {
        Assert.Equal(category, BotCategories.NameOf(UserAgentClassifier.Classify(userAgent)));
        Assert.Equal(category, BotCategories.NameOf(UserAgentClassifier.Classify(Encoding.UTF8.GetBytes(userAgent))));
    }

    [Fact]
    public void Classify_EveryToken_IsItsOwnCategory()
    {
        foreach (var (category, tokens) in BotCatalog.Named)
        {
            foreach (var token in tokens)
            {
                Assert.Equal((token, category), (token, UserAgentClassifier.Classify($"Mozilla/5.0 ({token.ToUpperInvariant()} 1.0)")));
            }
        }
    }

    [Fact]
    public void Catalog_Tokens_AreManyDistinctAndLowerCase()
    {
        var all = BotCatalog.Named.SelectMany(entry => entry.Tokens).Concat(BotCatalog.Generic).Concat(BotCatalog.Excepted).ToArray();
        Assert.True(all.Length >= 300, $"{all.Length}");
        Assert.Equal(all.Length, all.Distinct(StringComparer.Ordinal).Count());
        Assert.All(all, token => Assert.Equal(token.ToLowerInvariant(), token));
        Assert.All(all, token => Assert.True(Ascii.IsValid(token) && token.Trim() == token && token.Length > 1));
    }

    [Fact]
    public void Classify_RandomTexts_AgreesWithASearchForEachToken()
    {
        var random = Seeds.Next(out var seed);
        var tokens = BotCatalog.Named.SelectMany(entry => entry.Tokens).Concat(BotCatalog.Generic).ToArray();
        for (var i = 0; i < 3000; i++)
        {
            var text = new StringBuilder();
            for (var part = random.Next(1, 6); part > 0; part--)
            {
                var token = tokens[random.Next(tokens.Length)];
                text.Append(token[..random.Next(token.Length + 1)]).Append(random.Next(3) == 0 ? string.Empty : random.Next(2) == 0 ? " " : "é/");
            }

            var userAgent = text.ToString();
            Assert.True(ReferenceClassifier.IsBot(userAgent) == (UserAgentClassifier.Classify(userAgent) != BotCategory.None), $"seed {seed}: {userAgent}");
        }
    }

    [Fact]
    public void Classify_OverlongText_IsReadUpToItsBound()
    {
        Assert.Equal(BotCategory.None, UserAgentClassifier.Classify(new string('x', UserAgentClassifier.MaxLength) + " Googlebot"));
        Assert.Equal(BotCategory.Search, UserAgentClassifier.Classify("Googlebot " + new string('\uFFFD', 100_000)));
    }

    [Fact]
    public void Classify_AllocatesNothing() => Assert.Equal(0, Allocations.Least(() =>
    {
        for (var i = 0; i < 1000; i++)
        {
            UserAgentClassifier.Classify(Chrome);
            UserAgentClassifier.Classify("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
        }
    }));
}
