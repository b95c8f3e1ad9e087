using System.Text;
using System.Text.Json;
using EdgeGuard.ControlPlane.Data;
using EdgeGuard.ControlPlane.Orgs;
using EdgeGuard.Options;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary><c>init</c>: the first organization, its administrator and an access token, straight in the database.</summary>
internal static class InitCommand
{
    /// <summary>Creates them and prints the token, once.</summary>
    public static async Task<int> RunAsync(
        ControlPlaneOptions options, InitArguments arguments, TextWriter output, TimeProvider time, CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.DataDir);
        var keys = KeyMaterial.Load(options);
        using var certificates = ServerCertificates.Load(options, time);
        using var database = Database.From(options);
        await Migrator.MigrateAsync(database, time, cancellation);
        var creator = new OrganizationCreator(new Writer(database, keys.Columns, time), keys);
        var created = await creator.CreateAsync(arguments.Organization, arguments.User, arguments.Region, cancellation);

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("organization", arguments.Organization);
            json.WriteString("user", arguments.User);
            json.WriteString("access_token", created.AccessToken);
            json.WriteString("ca_file", ServerCertificates.AuthorityFile(options));
            json.WriteEndObject();
        }

        await output.WriteLineAsync(Encoding.UTF8.GetString(stream.ToArray()));
        return 0;
    }
}
