using EdgeGuard.Cli;

return await CommandRunner.RunAsync(args, CliHost.OfProcess());
