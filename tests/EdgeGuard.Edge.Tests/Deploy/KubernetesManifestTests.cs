using System.Text;
using System.Text.Json;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using YamlDotNet.RepresentationModel;

namespace EdgeGuard.Edge.Tests.Deploy;

/// <summary>The shape of the manifests in deploy/kubernetes: there is no cluster here, so what is promised of them is looked up in them.</summary>
public sealed class KubernetesManifestTests
{
    [Fact]
    public void Options_OfTheConfigMap_AreAccepted()
    {
        var text = Text(Node("sidecar.yaml", "ConfigMap", "data"), "edgeguard.yaml");
        var environment = List(Edge, "env").Cast<YamlMappingNode>()
            .Where(entry => entry.Children.ContainsKey("value"))
            .ToDictionary(entry => Text(entry, "name"), entry => Text(entry, "value"), StringComparer.Ordinal);
        var loaded = OptionsLoader.LoadEdge(
            ["--config", "/etc/edgeguard/edgeguard.yaml"],
            environment,
            path => Encoding.UTF8.GetBytes(path.EndsWith(".yaml", StringComparison.Ordinal) ? text : "site:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"));

        Assert.Empty(loaded.Diagnostics);
        Assert.Equal("off", loaded.Options!.Listen.Decision);
    }

    [Fact]
    public void Edge_IsANativeSidecar_ThatTheServiceWaitsFor()
    {
        Assert.Equal("Always", Text(Edge, "restartPolicy"));
        Assert.Equal("/readyz", Text(Mapping(Mapping(Edge, "startupProbe"), "httpGet"), "path"));
        Assert.Equal("/readyz", Text(Mapping(Mapping(Edge, "readinessProbe"), "httpGet"), "path"));
        Assert.Equal("/livez", Text(Mapping(Mapping(Edge, "livenessProbe"), "httpGet"), "path"));

        // More than the 30 seconds that requests in flight have.
        Assert.True(int.Parse(Text(Pod, "terminationGracePeriodSeconds"), null) > 30);
        Assert.Equal("false", Text(Pod, "automountServiceAccountToken"));
    }

    [Fact]
    public void Edge_HasNoPrivileges()
    {
        var security = Mapping(Edge, "securityContext");

        Assert.Equal("false", Text(security, "allowPrivilegeEscalation"));
        Assert.Equal("true", Text(security, "readOnlyRootFilesystem"));
        Assert.Equal("ALL", Assert.Single(List(Mapping(security, "capabilities"), "drop")).ToString());
        Assert.Equal("true", Text(Mapping(Pod, "securityContext"), "runAsNonRoot"));
        Assert.Equal("edgeguard/edgeguard-seccomp.json", Text(Mapping(security, "seccompProfile"), "localhostProfile"));
    }

    [Fact]
    public void Mounts_NameVolumesThatThereAre_AndPortsFitTheService()
    {
        var volumes = List(Pod, "volumes").Select(volume => Text((YamlMappingNode)volume, "name")).Order(StringComparer.Ordinal);
        var mounts = List(Edge, "volumeMounts").Select(mount => Text((YamlMappingNode)mount, "name")).Order(StringComparer.Ordinal);
        var ports = List(Edge, "ports").Cast<YamlMappingNode>().ToDictionary(port => Text(port, "name"), port => Text(port, "containerPort"));
        var service = (YamlMappingNode)Assert.Single(List(Node("sidecar.yaml", "Service", "spec"), "ports"));

        Assert.Equal(volumes, mounts);
        Assert.Equal("8080", ports[Text(service, "targetPort")]);
        Assert.Equal("9090", ports["probes"]);
    }

    [Fact]
    public void NetworkPolicy_SelectsThePod_AndLetsClientsToTheEdgeAlone()
    {
        var spec = Node("network-policy.yaml", "NetworkPolicy", "spec");
        var labels = Mapping(Mapping(Mapping(Node("sidecar.yaml", "Deployment", "spec"), "template"), "metadata"), "labels");
        var ingress = List(spec, "ingress").Cast<YamlMappingNode>()
            .SelectMany(rule => List(rule, "ports").Select(port => (Port: Text((YamlMappingNode)port, "port"), IsBounded: rule.Children.ContainsKey("from"))));

        Assert.Equal(labels.ToString(), Mapping(Mapping(spec, "podSelector"), "matchLabels").ToString());
        Assert.Equal(["Ingress", "Egress"], List(spec, "policyTypes").Select(type => type.ToString()));
        Assert.Equal([("8080", false), ("9090", true)], ingress);
        Assert.All(List(spec, "egress"), rule => Assert.True(((YamlMappingNode)rule).Children.ContainsKey("to")));
    }

    [Fact]
    public void Seccomp_RefusesByDefault_AndAllowsNothingThatLeavesAContainer()
    {
        using var profile = JsonDocument.Parse(File.ReadAllText(PathOf("edgeguard-seccomp.json")));
        var groups = profile.RootElement.GetProperty("syscalls").EnumerateArray().ToArray();
        var allowed = groups
            .Where(group => group.GetProperty("action").GetString() == "SCMP_ACT_ALLOW" && !group.TryGetProperty("args", out _))
            .SelectMany(group => group.GetProperty("names").EnumerateArray().Select(name => name.GetString()!))
            .ToArray();

        Assert.Equal("SCMP_ACT_ERRNO", profile.RootElement.GetProperty("defaultAction").GetString());
        Assert.Equal(allowed.Length, allowed.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(allowed.Intersect(
            ["mount", "umount2", "unshare", "setns", "clone", "clone3", "ptrace", "bpf", "init_module", "finit_module", "kexec_load", "io_uring_setup", "userfaultfd", "keyctl", "perf_event_open", "pivot_root", "chroot"]));
        Assert.Empty(((string[])["epoll_pwait", "futex", "mmap", "membarrier", "sendmsg", "recvmsg", "inotify_add_watch", "flock", "fsync", "rename"]).Except(allowed));
    }

    private static YamlMappingNode Pod => Mapping(Mapping(Node("sidecar.yaml", "Deployment", "spec"), "template"), "spec");

    private static YamlMappingNode Edge => (YamlMappingNode)Assert.Single(List(Pod, "initContainers"));

    private static string PathOf(string file) => RepositoryRoot.Combine("deploy", "kubernetes", file);

    private static YamlMappingNode Node(string file, string kind, string part)
    {
        using var reader = new StreamReader(PathOf(file));
        var stream = new YamlStream();
        stream.Load(reader);
        return Mapping(stream.Documents.Select(document => (YamlMappingNode)document.RootNode).Single(node => Text(node, "kind") == kind), part);
    }

    private static YamlMappingNode Mapping(YamlMappingNode node, string key) => (YamlMappingNode)node.Children[key];

    private static YamlSequenceNode List(YamlMappingNode node, string key) => (YamlSequenceNode)node.Children[key];

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node.Children[key]).Value!;
}
