namespace EdgeGuard.Demo.Launcher.Smoke;

/// <summary>What came back from the proxy. <see cref="At"/> is a timestamp of the system's TimeProvider, taken when it was there.</summary>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, string Body, long At)
{
    /// <summary>Empty when the request passed.</summary>
    public string Reason => Headers.GetValueOrDefault("X-EdgeGuard-Reason", string.Empty);

    public bool Passed => Status == 200 && Reason.Length == 0;
}
