using System.Runtime.InteropServices;

namespace EdgeGuard.Testing;

/// <summary>Sends signals by process id; .NET itself can only send SIGKILL.</summary>
public static partial class PosixSignals
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    public static void Send(int processId, int signal)
    {
        // 3 = ESRCH: already gone, which is what the caller wanted.
        if (SendSignal(processId, signal) != 0 && Marshal.GetLastPInvokeError() != 3)
        {
            throw new InvalidOperationException($"signal {signal} to {processId} failed with errno {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
