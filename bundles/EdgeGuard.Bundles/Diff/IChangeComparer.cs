namespace EdgeGuard.Bundles.Diff;

/// <summary>Compares two things of one identity, and says what their coming and going means.</summary>
/// <typeparam name="T">What is compared.</typeparam>
internal interface IChangeComparer<in T>
{
    /// <summary>One line that tells what it is.</summary>
    string Describe(T value);

    /// <summary>The effect of adding it.</summary>
    string EffectOfAdding(T value);

    /// <summary>The effect of removing it.</summary>
    string EffectOfRemoving(T value);

    /// <summary>Reports every change below a path.</summary>
    void Compare(string path, T before, T after);
}
