using System.Collections.Immutable;

namespace EdgeGuard.Identity.Signatures;

/// <summary>Whether a signature covers what it has to.</summary>
internal static class Coverage
{
    /// <summary>
    /// Whether all that is required is covered, by itself or by something that holds it: the whole address holds its parts, the query its parameters,
    /// a field its members.
    /// </summary>
    public static bool IsComplete(MessageSignature signature, ImmutableArray<CoveredComponent?> required)
    {
        foreach (var component in required)
        {
            if (component is null || !IsCovered(signature, component))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsCovered(MessageSignature signature, CoveredComponent required)
    {
        foreach (var component in signature.Components)
        {
            if (component.Identity == required.Identity || Holds(component, required))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Holds(CoveredComponent component, CoveredComponent required) => component.Name switch
    {
        "@target-uri" => required.Name is "@scheme" or "@authority" or "@path" or "@query" or CoveredComponent.QueryParameter,
        "@request-target" => required.Name is "@path" or "@query" or CoveredComponent.QueryParameter,
        "@query" => required.Name == CoveredComponent.QueryParameter,

        // The whole field in whatever form.
        var name => name[0] != '@' && name == required.Name && component.Key is null,
    };
}
