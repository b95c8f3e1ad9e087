namespace EdgeGuard.EndToEnd.Tests.Fleet;

/// <summary>What a client of the guarded service got.</summary>
internal sealed record ProxyAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Empty when the request passed.</summary>
    public string Reason => Header("X-EdgeGuard-Reason");

    public string Header(string name) => Headers.GetValueOrDefault(name, string.Empty);

    public void AssertPassed() => Assert.True(Status == 200 && Reason.Length == 0, $"{Status} {Reason} {Body}");

    public void AssertRefused(int status, string reason) => Assert.True(Status == status && Reason == reason, $"{Status} {Reason} {Body}, not {status} {reason}");
}
