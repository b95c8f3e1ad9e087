using System.Globalization;
using System.Text;

namespace EdgeGuard.Edge.Lane;

/// <summary>The <c>Date</c> header (RFC 9110 section 6.6.1), made anew once a second.</summary>
internal sealed class DateLine(TimeProvider time)
{
    private Made? _made;

    /// <summary>The whole line, with its end.</summary>
    public ReadOnlySpan<byte> Now
    {
        get
        {
            var now = time.GetUtcNow();
            var second = now.UtcTicks / TimeSpan.TicksPerSecond;
            var made = Volatile.Read(ref _made);
            if (made is null || made.Second != second)
            {
                made = new Made(second, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Date: {now.UtcDateTime:R}\r\n")));
                Volatile.Write(ref _made, made);
            }

            return made.Line;
        }
    }

    private sealed record Made(long Second, byte[] Line);
}
