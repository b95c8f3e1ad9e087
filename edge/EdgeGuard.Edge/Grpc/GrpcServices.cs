using System.Collections.Frozen;
using EdgeGuard.Edge.Grpc.Envoy.Auth;
using EdgeGuard.Edge.Grpc.Envoy.RateLimit;
using EdgeGuard.Edge.Grpc.Health;
using EdgeGuard.Edge.Grpc.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace EdgeGuard.Edge.Grpc;

/// <summary>What is served, as reflection tells it: services, and the files that describe them.</summary>
internal static class GrpcServices
{
    /// <summary>The older name of reflection, which has no file of its own.</summary>
    public const string AlphaReflection = "grpc.reflection.v1alpha.ServerReflection";

    private static readonly FileDescriptor[] Roots =
        [ExternalAuthReflection.Descriptor, RlsReflection.Descriptor, HealthReflection.Descriptor, ReflectionReflection.Descriptor];

    /// <summary>Names of all services.</summary>
    public static readonly FrozenSet<string> Names =
        Roots.SelectMany(file => file.Services).Select(service => service.FullName).Append(AlphaReflection).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, FileDescriptor> Files = Roots
        .SelectMany(WithDependencies)
        .DistinctBy(file => file.Name)
        .ToFrozenDictionary(file => file.Name, StringComparer.Ordinal);

    /// <summary>A file with all that it needs, or null.</summary>
    public static IEnumerable<ByteString>? File(string name) => Files.TryGetValue(name, out var file) ? Bytes(file) : null;

    /// <summary>The file that a service, method, message or enumeration is in, with all that it needs, or null.</summary>
    public static IEnumerable<ByteString>? FileOf(string symbol) => Files.Values.FirstOrDefault(file => Has(file, symbol)) is { } found ? Bytes(found) : null;

    private static IEnumerable<ByteString> Bytes(FileDescriptor file) => WithDependencies(file).DistinctBy(one => one.Name).Select(one => one.SerializedData);

    // What a file needs comes before it, so that whoever reads them can build one after the other.
    private static IEnumerable<FileDescriptor> WithDependencies(FileDescriptor file) => [.. file.Dependencies.SelectMany(WithDependencies), file];

    private static bool Has(FileDescriptor file, string symbol) =>
        file.Services.Any(service => service.FullName == symbol || service.Methods.Any(method => method.FullName == symbol))
        || file.EnumTypes.Any(type => type.FullName == symbol)
        || file.MessageTypes.Any(type => Has(type, symbol));

    private static bool Has(MessageDescriptor message, string symbol) =>
        message.FullName == symbol || message.EnumTypes.Any(type => type.FullName == symbol) || message.NestedTypes.Any(type => Has(type, symbol));
}
