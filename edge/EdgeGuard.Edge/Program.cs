using EdgeGuard.Edge.Hosting;

return (int)await EdgeCommand.RunAsync(args, Console.Out, Console.Error);
