using System.Globalization;
using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Gateways;

/// <summary>How a gateway is started with the configuration that is shipped for it, of which only addresses are changed.</summary>
internal static class GatewayProgram
{
    private const string LuaModules = "/usr/lib/nginx/modules";
    private static readonly string[] MoreFolders = ["/usr/sbin", "/usr/local/sbin"];

    /// <summary>Why it cannot be started here; empty when it can.</summary>
    public static string Obstacle(Door gateway)
    {
        var name = NameOf(gateway);
        if (PathOf(name) is null)
        {
            return $"no gateway: {name} is not installed here (test.sh installs it)";
        }

        return gateway == Door.NginxLua && !File.Exists(Path.Combine(LuaModules, "ngx_http_lua_module.so"))
            ? "no gateway: nginx has no Lua module here (test.sh installs libnginx-mod-http-lua)"
            : string.Empty;
    }

    /// <summary>Starts it.</summary>
    /// <param name="gateway">Which.</param>
    /// <param name="folder">Where its files go.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="edge">The edge's decision socket, without <c>unix:</c>.</param>
    /// <param name="application">What it forwards to.</param>
    /// <param name="change">What a test changes of the configuration.</param>
    public static ProcessRunner Start(Door gateway, TempFolder folder, int port, string edge, Uri application, Func<string, string>? change = null)
    {
        string Copy(string shipped, string name)
        {
            var text = File.ReadAllText(RepositoryRoot.Combine(["deploy", "gateways", .. shipped.Split('/')]))
                .Replace("/run/edgeguard/decision.sock", edge, StringComparison.Ordinal)
                .Replace("127.0.0.1:9000", application.Authority, StringComparison.Ordinal)
                .Replace("listen 8000;", string.Create(CultureInfo.InvariantCulture, $"listen 127.0.0.1:{port};"), StringComparison.Ordinal)
                .Replace("bind :8000", string.Create(CultureInfo.InvariantCulture, $"bind 127.0.0.1:{port}"), StringComparison.Ordinal)
                .Replace("http://:8000 {", string.Create(CultureInfo.InvariantCulture, $"http://:{port} {{\n\tbind 127.0.0.1"), StringComparison.Ordinal)
                .Replace("/etc/nginx/edgeguard.lua", folder.Combine("edgeguard.lua"), StringComparison.Ordinal)
                .Replace("/etc/haproxy/edgeguard.lua", folder.Combine("edgeguard.lua"), StringComparison.Ordinal);
            folder.Write(name, change?.Invoke(text) ?? text);
            return folder.Combine(name);
        }

        var program = PathOf(NameOf(gateway))!;
        var home = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = folder.Path, ["XDG_DATA_HOME"] = folder.Path, ["XDG_CONFIG_HOME"] = folder.Path };
        switch (gateway)
        {
            case Door.Nginx:
                return StartNginx(program, folder, Copy("nginx/edgeguard.conf", "edgeguard.conf"), string.Empty);
            case Door.NginxLua:
                Copy("nginx-lua/edgeguard.lua", "edgeguard.lua");
                return StartNginx(
                    program,
                    folder,
                    Copy("nginx-lua/edgeguard.conf", "edgeguard.conf"),
                    $"load_module {LuaModules}/ndk_http_module.so; load_module {LuaModules}/ngx_http_lua_module.so;");
            case Door.HAProxy:
                Copy("haproxy/edgeguard.lua", "edgeguard.lua");
                return ProcessRunner.StartProgram(program, ["-db", "-f", Copy("haproxy/haproxy.cfg", "haproxy.cfg")], home, folder.Path);
            default:
                return ProcessRunner.StartProgram(
                    program, ["run", "--adapter", "caddyfile", "--config", Copy("caddy/Caddyfile", "Caddyfile")], home, folder.Path);
        }
    }

    /// <summary>Starts nginx with Lua, with a configuration of its servers.</summary>
    public static ProcessRunner StartNginxLua(TempFolder folder, string configuration)
    {
        folder.Write("servers.conf", configuration);
        return StartNginx(
            PathOf("nginx")!, folder, folder.Combine("servers.conf"), $"load_module {LuaModules}/ndk_http_module.so; load_module {LuaModules}/ngx_http_lua_module.so;");
    }

    // In one process, in the foreground, with all of its files in the folder.
    private static ProcessRunner StartNginx(string program, TempFolder folder, string include, string modules)
    {
        var kinds = new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" };
        var folders = string.Concat(kinds.Select(kind => $"{kind}_temp_path {folder.Combine(kind)};\n"));
        folder.Write("nginx.conf", $$"""
            daemon off;
            master_process off;
            pid {{folder.Combine("nginx.pid")}};
            error_log stderr warn;
            {{modules}}
            events { worker_connections 512; }
            http {
                access_log off;
                {{folders}}
                include {{include}};
            }
            """);
        return ProcessRunner.StartProgram(program, ["-e", "stderr", "-p", folder.Path, "-c", folder.Combine("nginx.conf")], workingDirectory: folder.Path);
    }

    private static string NameOf(Door gateway) => gateway switch
    {
        Door.HAProxy => "haproxy",
        Door.Caddy => "caddy",
        _ => "nginx",
    };

    private static string? PathOf(string name) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(MoreFolders)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}
