using EdgeGuard.Edge.Hosting;

InlineCompletions.Prefer();
return (int)await EdgeCommand.RunAsync(args, Console.Out, Console.Error);
