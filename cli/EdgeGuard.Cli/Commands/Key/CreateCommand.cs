using System.CommandLine;
using EdgeGuard.Cli.Api;
using EdgeGuard.Cli.Commands.Edge;

namespace EdgeGuard.Cli.Commands.Key;

/// <summary><c>edgeguard key create</c>: an API key, known to every edge at once; or, offline, with its entry for a bundle.</summary>
internal static class CreateCommand
{
    public static Command Create(CommandContext context)
    {
        var options = new ApiKeyOptions();
        var output = ApiKeyOutput.OutOption();
        var offline = new Option<bool>("--offline") { Description = "Ask no control plane: print the key, and the entry for a bundle's api_keys" };
        var id = new Option<string?>("--id") { Description = "Id of the entry, with --offline; a generated one by default" };
        var command = new Command("create", "Make an API key; it is shown once.") { output, offline, id };
        options.AddTo(command);
        command.SetAction(async (parse, cancellation) =>
        {
            var path = parse.GetValue(output);
            CredentialOutput.RefuseExisting(context.Host, path);
            var request = options.Read(parse, context.Host);
            if (parse.GetValue(offline))
            {
                return OfflineApiKey.Make(context, parse, request, parse.GetValue(id), path);
            }

            if (parse.GetValue(id) is not null)
            {
                throw new CliFailureException(ExitCodes.Usage, CliCodes.BadValue, "--id", "the control plane gives keys their ids", "leave --id out, or add --offline");
            }

            using var api = ControlPlaneApi.Open(context.Host);
            return ApiKeyOutput.Finish(context, parse, await api.CreateApiKeyAsync(request, cancellation), path);
        });
        return command;
    }
}
