using System.Collections;
using EdgeGuard.ControlPlane.Hosting;

var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? string.Empty, StringComparer.Ordinal);
return await CommandLine.RunAsync(args, environment, Console.Out, Console.Error, TimeProvider.System, CancellationToken.None);
