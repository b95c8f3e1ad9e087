using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using EdgeGuard.House.Tests.Repository;

namespace EdgeGuard.House.Tests.Code;

/// <summary>
/// What a compiled assembly may not refer to when it is to be a pure engine. Read from the metadata, not from the source: an implicit
/// using, an alias or a LINQ query expression does not hide there.
/// </summary>
internal static class EngineReferences
{
    private static readonly string[] Namespaces = ["System.Linq", "Microsoft.Extensions", "Microsoft.AspNetCore", "System.Net", "System.Threading.Timers"];

    private static readonly HashSet<string> Types =
    [
        "System.DateTime", "System.TimeProvider", "System.Diagnostics.Stopwatch", "System.Random", "System.Console", "System.Diagnostics.Process",
        "System.IO.File", "System.IO.FileStream", "System.IO.Directory", "System.Threading.Tasks.Task", "System.Threading.Thread",
        "System.Threading.Timer", "System.Threading.PeriodicTimer",
    ];

    private static readonly HashSet<string> Members =
    [
        "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.Environment.get_TickCount", "System.Environment.get_TickCount64",
        "System.Environment.GetEnvironmentVariable", "System.Guid.NewGuid",
    ];

    public static IEnumerable<Finding> Check(string assemblyFile)
    {
        using PEReader reader = new(new MemoryStream(File.ReadAllBytes(assemblyFile)));
        MetadataReader metadata = reader.GetMetadataReader();
        string assembly = Path.GetFileName(assemblyFile);
        List<Finding> findings = [];
        foreach (TypeReferenceHandle handle in metadata.TypeReferences)
        {
            string type = FullName(metadata, handle);
            if (Types.Contains(type) || Namespaces.Any(space => type.StartsWith(space + ".", StringComparison.Ordinal)))
            {
                findings.Add(new Finding(assembly, 0, $"refers to {type}: the engine has no clock, no I/O, no LINQ, no logger and no host"));
            }
        }

        foreach (MemberReference member in metadata.MemberReferences.Select(metadata.GetMemberReference))
        {
            if (member.Parent.Kind == HandleKind.TypeReference)
            {
                string name = FullName(metadata, (TypeReferenceHandle)member.Parent) + "." + metadata.GetString(member.Name);
                if (Members.Contains(name))
                {
                    findings.Add(new Finding(assembly, 0, $"calls {name}: time, identity and surroundings are arguments of the engine"));
                }
            }
        }

        return findings;
    }

    private static string FullName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        string name = metadata.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? FullName(metadata, (TypeReferenceHandle)type.ResolutionScope) + "." + name
            : metadata.GetString(type.Namespace) + "." + name;
    }
}
