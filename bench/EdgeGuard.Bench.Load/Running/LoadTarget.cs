using System.Net;
using EdgeGuard.Bench.Load.Options;
using EdgeGuard.Bench.Load.Requests;
using EdgeGuard.Bench.Load.Responses;

namespace EdgeGuard.Bench.Load.Running;

/// <summary>Connections to a server, what it is asked and what it should answer; for one run after the other.</summary>
internal sealed class LoadTarget : IDisposable
{
    private readonly SocketConnectionSet _connections;
    private readonly RequestTemplate _template;
    private readonly ResponseExpectation _expectation;

    public LoadTarget(LoadOptions options)
    {
        Tokens = options.TokenFile.Length == 0
            ? null
            : new TokenSupply(File.ReadLines(options.TokenFile), options.KnownTokens, options.FreshShare, options.SkipFresh);
        _template = new RequestTemplate(RequestTemplate.Compose(options.Method, options.Address, options.Headers, options.Body), Tokens, options.Settings.Seed);
        _expectation = new ResponseExpectation(options.Statuses, options.Expected);
        _connections = new SocketConnectionSet(Resolve(options.Address), options.Connections);
    }

    /// <summary>Where <c>{token}</c> comes from; null when there are none.</summary>
    public TokenSupply? Tokens { get; }

    public LoadResult Run(LoadSettings settings) => new LoadRun(settings, _connections, _template, _expectation, TimeProvider.System).Run();

    public void Dispose() => _connections.Dispose();

    private static IPEndPoint Resolve(Uri address)
        => new(address.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(address.DnsSafeHost), address.Port);
}
