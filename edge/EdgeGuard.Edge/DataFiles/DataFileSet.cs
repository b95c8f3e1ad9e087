using System.Collections.Immutable;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Engine.Addresses;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.DataFiles;

/// <summary>The data files that the options name.</summary>
internal sealed class DataFileSet
{
    private readonly DataFile?[] _byKind = new DataFile?[(int)AddressListKind.Tor + 1];

    public DataFileSet(EdgeOptions options, EdgeClock clock, ILogger<DataFileSet> logger)
    {
        var files = options.DataFiles;
        foreach (var (kind, path) in (ReadOnlySpan<(AddressListKind, string)>)
        [
            (AddressListKind.Country, files.Country), (AddressListKind.Asn, files.Asn), (AddressListKind.Type, files.Type), (AddressListKind.Tor, files.Tor),
        ])
        {
            if (path.Length > 0)
            {
                _byKind[(int)kind] = new DataFile(kind, path, clock, logger);
            }
        }

        Files = [.. _byKind.OfType<DataFile>()];
    }

    public ImmutableArray<DataFile> Files { get; }

    /// <summary>The file for a fact, or null when the options name none.</summary>
    public DataFile? Of(AddressListKind kind) => _byKind[(int)kind];

    /// <summary>Reads all files before the first request.</summary>
    public void Load()
    {
        foreach (var file in Files)
        {
            file.Load();
        }
    }
}
