using EdgeGuard.Edge.Hosting;

// What a socket waits for goes on at once, on the thread that notices it, and not on another: forwarding costs a fifth less. Read by the runtime when it opens its
// first socket, so it must be said before; who sets it otherwise is heard.
const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
Environment.SetEnvironmentVariable(Inline, Environment.GetEnvironmentVariable(Inline) ?? "1");

return (int)await EdgeCommand.RunAsync(args, Console.Out, Console.Error);
