namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>What <c>init</c> takes beside the options.</summary>
internal sealed record InitArguments(string Organization, string User, string Region)
{
    /// <summary>Takes its flags out of the arguments; both <c>--flag value</c> and <c>--flag=value</c>.</summary>
    public static InitArguments Take(ref string[] args)
    {
        var rest = new List<string>();
        string organization = string.Empty, user = string.Empty, region = "default";
        for (var index = 0; index < args.Length; index++)
        {
            var equals = args[index].IndexOf('=', StringComparison.Ordinal);
            var name = equals > 0 ? args[index][..equals] : args[index];
            if (name is not ("--organization" or "--user" or "--region"))
            {
                rest.Add(args[index]);
                continue;
            }

            var value = equals > 0 ? args[index][(equals + 1)..] : index + 1 < args.Length ? args[++index] : string.Empty;
            switch (name)
            {
                case "--organization":
                    organization = value;
                    break;
                case "--user":
                    user = value;
                    break;
                default:
                    region = value;
                    break;
            }
        }

        args = [.. rest];
        return new InitArguments(organization, user, region);
    }
}
