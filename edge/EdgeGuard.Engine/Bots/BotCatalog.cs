using System.Collections.Immutable;

namespace EdgeGuard.Engine.Bots;

/// <summary>
/// The bots that are known by name: what they send, collected from their operators' own pages and from access logs. A token is one word or several
/// of the User-Agent, in lower case; it counts only where a word begins and ends. Listed in <c>docs/descriptors.md</c>, held by a test.
/// </summary>
/// <remarks>
/// Left out on purpose are the HTTP stacks of apps that people hold in their hands (okhttp, CFNetwork, Dalvik, Alamofire, Dart), and names that only
/// ever stand in robots.txt.
/// </remarks>
public static class BotCatalog
{
    /// <summary>Tokens by category, in the order of the documentation.</summary>
    public static ImmutableArray<(BotCategory Category, ImmutableArray<string> Tokens)> Named { get; } =
    [
        (BotCategory.Search, Split(
            """
            360spider applebot baiduspider bingbot bingpreview bravebot coccocbot daumoa duckduckbot exabot findxbot gigabot google-inspectiontool
            google-site-verification googlebot googlebot-image googlebot-news googlebot-video googleother haosouspider kagibot mojeekbot msnbot
            naverbot petalbot presearchbot qwantbot qwantify seekportbot seznambot slurp sogou storebot-google toutiaospider wotbox yacybot
            yandexaccessibilitybot yandexbot yandeximages yandexmobilebot yandexnews yandexrenderresourcesbot yandexvideo yandexwebmaster yeti
            yioopbot yisouspider
            """)),
        (BotCategory.AiCrawler, Split(
            """
            ai2bot aihitbot amazonbot anthropic-ai applebot-extended bedrockbot brightbot bytespider ccbot claude-searchbot claude-web claudebot
            cohere-ai cohere-training-data-crawler cotoyogi crawl4ai diffbot facebookbot firecrawlagent friendlycrawler google-cloudvertexbot gptbot
            icc-crawler imagesiftbot img2dataset laion-huggingface-processor meta-externalagent mistralai-index oai-searchbot omgili omgilibot
            pangubot perplexitybot quillbot sbintuitionsbot semanticscholarbot tiktokspider timpibot velenpublicwebcrawler webzio-extended
            wrtnbot youbot
            """)),
        (BotCategory.AiAgent, Split(
            """
            amzn-user chatgpt-user claude-user duckassistbot gemini-deep-research google-notebooklm linerbot manus-user meta-externalfetcher
            mistralai-user novaact perplexity-user phindbot
            """)),
        (BotCategory.Seo, Split(
            """
            ahrefsbot ahrefssiteaudit backlinkcrawler barkrowler blexbot botify cognitiveseo contentking dataforseobot dotbot linkdexbot
            megaindex mj12bot netpeakspider oncrawl rogerbot rytebot 'screaming frog seo spider' searchmetricsbot semrushbot seobilitybot seokicks
            serpstatbot siteauditbot sitebulb sistrix spbot splitsignalbot xovibot zoominfobot
            """)),
        (BotCategory.Social, Split(
            """
            cardyb discordbot embedly facebookcatalog facebookexternalhit facebot flipboardproxy iframely kakaotalk-scrap linkedinbot
            mastodon pinterestbot redditbot skypeuripreview slack-imgproxy slackbot slackbot-linkexpanding 'snap url preview service' telegrambot
            twitterbot vkshare whatsapp/ xing-contenttabreceiver zoombot
            """)),
        (BotCategory.Monitoring, Split(
            """
            alertsite amazon-route53-health-check-service better-uptime-bot 'better uptime bot' catchpoint check_http checkly chrome-lighthouse
            cloudflare-healthchecks cloudflare-traffic-manager 'consul health check' datadogsynthetics dynatracesynthetic elb-healthchecker freshping googlehc
            googlestackdrivermonitoring-uptimechecks gtmetrix haproxy-healthcheck hetrixtools icinga jetmon kube-probe montastic nagios-plugins
            newrelicpinger newrelicsynthetics nodeping 'oh dear' pagespeed pingdom pingdompagespeed pingdomtms prometheus ruxitsynthetic site24x7 statuscake
            uptime-kuma uptimebot uptimerobot w3c_validator zabbix
            """)),
        (BotCategory.Feed, Split(
            """
            akregator bloglovin commafeed feedbin feedburner feedfetcher-google feedly feedparser feedspot freshrss inoreader liferea magpierss
            miniflux netvibes newsblur newsgator overcast selfoss simplepie superfeedr theoldreader 'tiny tiny rss' universalfeedparser
            """)),
        (BotCategory.Archiver, Split(
            """
            archive.org_bot archivebot archiveteam arquivo-web-crawler browsertrix heritrix httrack ia_archiver nicecrawler perma.cc special_archiver
            teleport wayback webcopier webcopy webrecorder
            """)),
        (BotCategory.Advertising, Split(
            """
            adidxbot admantx ads-google adsbot-google adsbot-google-mobile amazonadbot criteobot grapeshotcrawler ias_crawler mediapartners-google
            proximic ttd-content
            """)),
        (BotCategory.Scanner, Split(
            """
            acunetix arachni binaryedge censysinspect detectify dirbuster expanse feroxbuster 'fuzz faster u fool' gobuster httprobe
            internet-measurement internetmeasurement invicti jorgee l9explore l9tcpid leakix masscan morfeus nessus netsparker
            netsystemsresearch nikto 'nmap scripting engine' nuclei openvas paloaltonetworks projectdiscovery qualys securitytrails shodan
            sqlmap w3af wfuzz whatweb wpscan zgrab zmeu
            """)),
        (BotCategory.Automation, Split(
            """
            apache-jmeter apachebench artillery browserless casperjs cypress gatling headlesschrome htmlunit k6 locust phantomjs playwright
            prerender puppeteer rendertron selenium siege slimerjs vegeta webdriver zombie.js
            """)),
        (BotCategory.HttpLibrary, Split(
            """
            aiohttp akka-http apache-httpasyncclient apache-httpclient aria2 axios bruno-runtime colly curl faraday 'go-http-client' 'got (' guzzlehttp
            http4s httparty httpie hyper insomnia 'jakarta commons-httpclient' java/ jersey ktor-client libcurl libwww-perl lwp-request lwp::simple
            node-fetch node-superagent php/ postmanruntime powershell pycurl python-httpx python-requests python-urllib python-urllib3 reqwest
            rest-client restsharp ruby scrapy symfony typhoeus undici unirest-java ureq vert.x-webclient wget windowspowershell winhttp
            """)),
    ];

    /// <summary>Ends of words by which anything else calls itself a bot.</summary>
    public static ImmutableArray<string> Generic { get; } = ["bot", "bots", "crawler", "scraper", "spider"];

    /// <summary>Words that end so and are none: telephones.</summary>
    public static ImmutableArray<string> Excepted { get; } = ["cubot"];

    // Words between single quotes hold blanks.
    private static ImmutableArray<string> Split(string text)
    {
        var tokens = ImmutableArray.CreateBuilder<string>();
        var rest = text.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            var quoted = rest[0] == '\'';
            rest = quoted ? rest[1..] : rest;
            var end = quoted ? rest.IndexOf('\'') : rest.IndexOfAny(' ', '\n', '\r');
            end = end < 0 ? rest.Length : end;
            tokens.Add(rest[..end].ToString());
            rest = rest[(quoted ? end + 1 : end)..].TrimStart();
        }

        return tokens.ToImmutable();
    }
}
