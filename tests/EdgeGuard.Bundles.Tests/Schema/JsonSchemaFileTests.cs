using System.Text;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Tests.Schema;

public sealed class JsonSchemaFileTests
{
    [Fact]
    public void CommittedFile_Always_IsWhatTheShapesGive()
    {
        var path = Repository.PathOf("bundles/schema/edgeguard-bundle.schema.json");
        var schema = BundleJsonSchema.Write();
        if (Repository.WritesGenerated)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, schema);
        }

        Assert.Equal(Encoding.UTF8.GetString(schema), File.ReadAllText(path));
    }
}
