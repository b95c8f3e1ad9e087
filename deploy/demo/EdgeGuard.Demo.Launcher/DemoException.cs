namespace EdgeGuard.Demo.Launcher;

/// <summary>Something that the person at the terminal can mend; shown without a stack trace.</summary>
internal sealed class DemoException(string message) : Exception(message);
