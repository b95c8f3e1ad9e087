using System.Text;
using EdgeGuard.Options.Definitions;

namespace EdgeGuard.Edge.Hosting;

/// <summary>What <c>--help</c> prints; flags come from the one table of options.</summary>
internal static class EdgeHelp
{
    public static string Text()
    {
        var text = new StringBuilder();
        text.AppendLine("usage: edgeguard-edge [flags]                      run an edge");
        text.AppendLine("       edgeguard-edge --takeover [flags]           take over from the edge that runs on the same state directory, without a gap");
        text.AppendLine("       edgeguard-edge health [--url URL]           exit 0 when the edge on this machine is ready");
        text.AppendLine("       edgeguard-edge --version | --help");
        text.AppendLine();
        text.AppendLine($"flags (each also in the file, {EdgeOptionTable.Table.DefaultFile}, and in the environment):");
        text.AppendLine("  --config FILE");
        foreach (var option in EdgeOptionTable.Table.Options)
        {
            var flags = option.FlagAliases.IsEmpty ? option.Flag : $"{option.Flag}, {string.Join(", ", option.FlagAliases)}";
            text.AppendLine($"  {flags}");
            text.AppendLine($"      {option.Summary}{(option.Default.Length > 0 ? $" (default {option.Default})" : string.Empty)}");
        }

        return text.ToString().TrimEnd();
    }
}
