using System.Text.RegularExpressions;
using EdgeGuard.House.Tests.Repository;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EdgeGuard.House.Tests.Code;

/// <summary>Waiting goes through a TimeProvider, so that it can be tested without waiting.</summary>
internal static partial class TimeRules
{
    public static IEnumerable<Finding> Waiting(SyntaxFile file)
    {
        foreach (InvocationExpressionSyntax call in file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            string called = call.Expression.ToString();
            if (called is "Thread.Sleep" or "System.Threading.Thread.Sleep")
            {
                yield return file.Find(call, "Thread.Sleep; wait for a signal, or Task.Delay with a TimeProvider");
            }
            else if (called is "Task.Delay" or "System.Threading.Tasks.Task.Delay" && !HasClock(call.ArgumentList))
            {
                yield return file.Find(call, "Task.Delay without a TimeProvider");
            }
        }

        foreach (ObjectCreationExpressionSyntax creation in file.Root.DescendantNodes().OfType<ObjectCreationExpressionSyntax>())
        {
            if (creation.Type.ToString() is "PeriodicTimer" or "Timer" or "System.Threading.Timer" && !HasClock(creation.ArgumentList))
            {
                yield return file.Find(creation, $"{creation.Type} without a TimeProvider");
            }
        }
    }

    // A syntax tree knows no types: an argument after the first that is called time, clock or TimeProvider is taken for one.
    private static bool HasClock(ArgumentListSyntax? arguments)
        => arguments is { Arguments.Count: > 0 }
            // Without end, until it is cancelled: no clock has a part in that.
            && (arguments.Arguments[0].Expression.ToString() is "Timeout.Infinite" or "Timeout.InfiniteTimeSpan"
                || arguments.Arguments.Skip(1).Any(argument => Clock().IsMatch(argument.Expression.ToString())));

    [GeneratedRegex("time|clock", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Clock();
}
