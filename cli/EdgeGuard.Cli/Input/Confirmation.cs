namespace EdgeGuard.Cli.Input;

/// <summary>Asks before something that other people feel.</summary>
internal static class Confirmation
{
    /// <summary>Returns when the user agrees; without anybody to ask, only <c>--yes</c> agrees.</summary>
    public static void Require(CliHost host, bool yes, string question)
    {
        if (yes)
        {
            return;
        }

        if (!host.IsInteractive)
        {
            throw new CliFailureException(ExitCodes.Usage, CliCodes.ConfirmationNeeded, "--yes",
                "this command asks for confirmation, and there is no terminal to ask on", "add --yes in scripts");
        }

        host.Error.Write($"{question} [y/N] ");
        host.Error.Flush();
        if (host.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
        {
            throw new CliFailureException(ExitCodes.Refused, CliCodes.NotConfirmed, string.Empty, "not confirmed, nothing was changed", string.Empty);
        }
    }
}
