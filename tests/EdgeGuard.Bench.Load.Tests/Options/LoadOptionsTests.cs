using EdgeGuard.Bench.Load.Options;

namespace EdgeGuard.Bench.Load.Tests.Options;

public sealed class LoadOptionsTests
{
    [Fact]
    public void Read_OfEverything_Takes()
    {
        LoadOptions options = LoadOptions.Read(["http://127.0.0.1:1/x", "--rate", "2000", "--poisson", "--seconds", "1.5", "--warmup", "0", "--status", "429", "--expect", "A: b", "--method", "HEAD"]);

        Assert.Equal((2000, true, 1.5, 0), (options.Settings.Rate, options.Settings.Poisson, options.Settings.Duration.TotalSeconds, options.Settings.WarmUp.TotalSeconds));
        Assert.Equal([429], options.Statuses);
        Assert.Equal(["A: b"], options.Expected);
        Assert.True(options.Settings.AnswersHead);
    }

    [Fact]
    public void Read_WithoutStatus_Expects200() => Assert.Equal([200], LoadOptions.Read(["http://127.0.0.1:1"]).Statuses);

    [Theory]
    [InlineData("https://127.0.0.1:1")]
    [InlineData("http://127.0.0.1:1", "--rate")]
    [InlineData("http://127.0.0.1:1", "--rate", "0")]
    [InlineData("http://127.0.0.1:1", "--rate", "NaN")]
    [InlineData("http://127.0.0.1:1", "--none", "1")]
    [InlineData("http://127.0.0.1:1", "--fresh", "1.1")]
    public void Read_OfSomethingWrong_SaysSo(params string[] arguments) => Assert.Throws<FormatException>(() => LoadOptions.Read(arguments));
}
