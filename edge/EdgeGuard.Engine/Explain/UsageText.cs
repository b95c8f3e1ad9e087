namespace EdgeGuard.Engine.Explain;

/// <summary>How the usage of a request became known, in words for people.</summary>
internal static class UsageText
{
    public static string Why(string how) => how switch
    {
        "told" => "the provider told its usage",
        "untold" => "the provider told no usage",
        "compressed" => "the answer was compressed and could not be read",
        "broken_off" => "the answer broke off before its usage was told",
        "estimated" => "the stream broke off and is charged by what was streamed",
        "cut" => "a limit ended the stream, which is charged by what was streamed",
        "refunded" => "the request failed, and nothing is charged",
        "decision_door" => "nobody sees the answer at a decision door",
        _ => how,
    };
}
