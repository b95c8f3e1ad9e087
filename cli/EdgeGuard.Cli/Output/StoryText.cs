using System.Globalization;
using EdgeGuard.Engine.Explain;

namespace EdgeGuard.Cli.Output;

/// <summary>The story of a decision for people: what happened first, then everything that was considered, in order.</summary>
internal static class StoryText
{
    private const int HashDigits = 8;

    public static void Write(DecisionStory story, TextWriter output)
    {
        output.WriteLine(Clean(story.Summary));
        output.WriteLine($"  {(story.DecisionId is null ? "decided" : $"decision {story.DecisionId}")}, {story.Time}, door {story.Door}, {Bundle(story)}");
        if (story.Trace is { } trace)
        {
            var parent = trace.ParentSpanId is null ? "begun here" : $"called by span {trace.ParentSpanId}";
            output.WriteLine($"  trace {trace.TraceId}, span {trace.SpanId}, {parent}");
        }

        if (story.Route is not null)
        {
            output.WriteLine($"  route {Clean(story.Route)}");
        }

        var matched = story.KillSwitches.Matched is null ? string.Empty : $", matched {Clean(story.KillSwitches.Matched)} ({story.KillSwitches.Origin})";
        output.WriteLine($"  kill switches: {story.KillSwitches.Considered}{matched}; {Clean(story.KillSwitches.Why)}");
        foreach (var step in story.Steps)
        {
            WriteStep(step, output);
        }

        if (story.StepsOmitted > 0)
        {
            output.WriteLine($"  {CommandOutput.Count(story.StepsOmitted, "further step")} were considered and not kept");
        }

        WriteDenial(story, output);
        foreach (var usage in story.Usage ?? [])
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  tokens of {Clean(usage.Rule)}: {usage.Reserved} reserved, {usage.Charged} charged; {Clean(usage.Why)}"));
        }
    }

    private static void WriteStep(StoryStep step, TextWriter output)
    {
        var name = Name(step);
        var shadow = step.Shadow ? " (shadow)" : string.Empty;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {step.Number,2}. {step.Outcome}{shadow}  {name}: {Clean(step.Why)}"));
        if (step.Limit is { } limit)
        {
            var wait = step.WaitSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", enough in {seconds} s") : string.Empty;
            var counter = step.Counter is null ? string.Empty : $", counter #{Short(step.Counter)}";
            output.WriteLine($"      {Number(step.Before)} left before, {Number(step.After)} after, of {Number(limit)}{wait}{counter}");
        }

        foreach (var descriptor in step.Descriptors)
        {
            var value = descriptor.ValueHash is null ? string.Empty : $" #{Short(descriptor.ValueHash)}";
            var use = descriptor.Use == "match" ? descriptor.Holds switch { true => "match, holds", false => "match, does not hold", _ => "match" } : "counted by";
            output.WriteLine($"      {use}: {Clean(descriptor.Key)} {descriptor.State.Replace('_', ' ')}{value}");
        }
    }

    private static void WriteDenial(DecisionStory story, TextWriter output)
    {
        if (story.FirstDenial is { } number && number <= story.Steps.Length)
        {
            var step = story.Steps[number - 1];
            var other = step.Policy == story.Policy && step.Rule == story.Rule ? string.Empty : "; the answer tells the one with the longest wait";
            output.WriteLine($"  first to refuse: step {number}, {Name(step)}{other}");
        }
    }

    private static string Name(StoryStep step) => Clean(string.Join(" / ", new[] { step.Policy, step.Rule, step.LimitName }.Where(part => part is not null)));

    private static string Bundle(DecisionStory story) => story.BundleVersion switch
    {
        0 => "no bundle",
        -1 => "a bundle that is no longer kept",
        _ => $"bundle {story.BundleVersion.ToString(CultureInfo.InvariantCulture)} ({Short(story.BundleDigest)})",
    };

    private static string Number(decimal? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "-";

    // Enough to tell values apart in one story; --json has all digits.
    private static string Short(string hash) => hash.Length > HashDigits ? hash[..HashDigits] : hash;

    private static string Clean(string text) => Printable.Clean(text);
}
