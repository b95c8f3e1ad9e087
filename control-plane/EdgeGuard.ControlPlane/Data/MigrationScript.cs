using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.ControlPlane.Data;

/// <summary>One versioned step of the schema, from an embedded resource.</summary>
/// <param name="Version">Rises by one from 1.</param>
/// <param name="Sql">The statements.</param>
internal sealed record MigrationScript(int Version, string Sql)
{
    /// <summary>SHA-256 of the text: a released script must never change.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>All scripts of a dialect, in order.</summary>
    public static IReadOnlyList<MigrationScript> Load(DatabaseDialect dialect)
    {
        var folder = dialect is DatabaseDialect.Sqlite ? "migrations/sqlite/" : "migrations/postgres/";
        var assembly = typeof(MigrationScript).Assembly;
        var scripts = new List<MigrationScript>();
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!name.StartsWith(folder, StringComparison.Ordinal))
            {
                continue;
            }

            using var stream = assembly.GetManifestResourceStream(name)!;
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var version = int.Parse(name.AsSpan(folder.Length, 4), System.Globalization.CultureInfo.InvariantCulture);
            scripts.Add(new MigrationScript(version, reader.ReadToEnd()));
        }

        return scripts;
    }
}
