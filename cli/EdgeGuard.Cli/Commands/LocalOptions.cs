using System.CommandLine;

namespace EdgeGuard.Cli.Commands;

/// <summary>Options that commands for the edge on this machine share.</summary>
internal static class LocalOptions
{
    public static Option<string?> Socket() => new("--socket")
    {
        Description = "Admin socket of the edge; EDGEGUARD_ADMIN_SOCKET, or what the edge's options say, otherwise",
    };
}
