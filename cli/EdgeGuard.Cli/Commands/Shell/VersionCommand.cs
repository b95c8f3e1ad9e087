using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace EdgeGuard.Cli.Commands.Shell;

/// <summary><c>edgeguard version</c>.</summary>
internal static class VersionCommand
{
    public static string Product { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static Command Create(CommandContext context)
    {
        var command = new Command("version", "Print the version.");
        command.SetAction(parse => context.Output(parse).Finish(
            ExitCodes.Ok,
            new JsonObject
            {
                ["version"] = Product,
                ["runtime"] = RuntimeInformation.FrameworkDescription,
                ["platform"] = RuntimeInformation.RuntimeIdentifier,
            },
            output => output.WriteLine($"edgeguard {Product} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})")));
        return command;
    }
}
