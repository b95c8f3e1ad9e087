namespace EdgeGuard.EndToEnd.Tests.Bundles;

/// <summary>What an operator of a standalone edge has: a site key, a folder with the bundle, and the real CLI.</summary>
internal sealed class StandaloneSite : IAsyncDisposable
{
    private readonly string _keyFile;

    private StandaloneSite(FakeUpstream upstream)
    {
        Upstream = upstream;
        _keyFile = Folder.Combine("site.key");
    }

    public TempFolder Folder { get; } = new();

    public FakeUpstream Upstream { get; }

    public CommandLineClient Cli { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>What the edge follows.</summary>
    public string BundleFile => Folder.Combine("bundle.jws");

    public EdgeSettings EdgeSettings => new()
    {
        StateDir = Folder.Combine("state"),
        Upstream = Upstream.Address.GetLeftPart(UriPartial.Authority),
        BundleFile = BundleFile,
        SigningKey = File.ReadAllText(_keyFile).Trim(),
    };

    public static async Task<StandaloneSite> CreateAsync()
    {
        StandaloneSite site = new(await FakeUpstream.StartAsync());
        await site.Cli.OutputAsync("key", "new", "--id", "site-1", "--out", site._keyFile);
        return site;
    }

    /// <summary>Signs a bundle and gives the text of the document.</summary>
    public async Task<string> SignAsync(string yaml, params string[] more)
    {
        string source = Folder.Write("source.yaml", yaml);
        string target = Folder.Combine("signed.jws");
        await Cli.OutputAsync(["sign", source, "--key-file", _keyFile, "--out", target, "--force", .. more]);
        return await File.ReadAllTextAsync(target);
    }

    /// <summary>Puts a document in place of the one that the edge follows, as one step.</summary>
    public void Install(string document) => File.Move(Folder.Write("incoming.jws", document), BundleFile, overwrite: true);

    public async ValueTask DisposeAsync()
    {
        await Upstream.DisposeAsync();
        Folder.Dispose();
    }
}
