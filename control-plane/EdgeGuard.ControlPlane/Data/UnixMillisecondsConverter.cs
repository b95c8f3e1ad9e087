using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace EdgeGuard.ControlPlane.Data;

/// <summary>Times as Unix milliseconds: the same column, order and precision in both databases.</summary>
internal sealed class UnixMillisecondsConverter() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(), number => DateTimeOffset.FromUnixTimeMilliseconds(number));
