using System.Text.Json;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.State;

namespace EdgeGuard.Edge.Fuse;

/// <summary>
/// What activation has to know of the fuse: the bundle to go back to, and the one that was taken back, which does not come again under its number.
/// Changed under the activator's lock only.
/// </summary>
internal sealed class FuseGuard(SafetyFuse fuse, StateDirectory state)
{
    private const string Consequence = "a bundle that its fuse took back can come into force again";

    private readonly Lock _loading = new();
    private RevertedBundle? _reverted;
    private Fallback? _fallback;

    /// <summary>The bundle to go back to; null while none is watched.</summary>
    public Fallback? Fallback => fuse.IsWatching ? _fallback : null;

    /// <summary>Why a bundle is refused, or null when it was not the last one that was taken back.</summary>
    public Diagnostic? RefusalOf(string digest) =>
        Reverted is { Digest.Length: > 0 } reverted && string.Equals(reverted.Digest, digest, StringComparison.Ordinal) ? Problem(reverted) : null;

    /// <summary>Whether a bundle was put in force again by the fuse: then it lies below the newest accepted one, and may.</summary>
    public bool IsBack(string digest) =>
        Reverted is { InForce.Length: > 0 } reverted && string.Equals(reverted.InForce, digest, StringComparison.Ordinal);

    /// <summary>Begins to watch a bundle that is in force from now on, when it has a fuse and there is one to compare it with.</summary>
    /// <param name="before">What was in force until now, or null.</param>
    /// <param name="documentBefore">Its bytes, or null.</param>
    /// <param name="after">What is in force now.</param>
    /// <param name="definition">Its fuse, or null.</param>
    public void Activated(ActiveBundle? before, byte[]? documentBefore, ActiveBundle after, FuseDefinition? definition)
    {
        // One that replaces a watched bundle goes back to where that would have gone.
        var fallback = Fallback ?? (before is null || documentBefore is null ? null : new Fallback(documentBefore, before.Digest, before.Version));
        _fallback = fuse.Activated(after.Digest, definition, fallback is not null) ? fallback : null;
        if (Reverted.Digest.Length > 0 && !IsBack(after.Digest))
        {
            Set(RevertedBundle.None);
            Keep();
        }
    }

    /// <summary>A bundle is being taken back; not kept yet.</summary>
    public void Set(RevertedBundle reverted)
    {
        lock (_loading)
        {
            _reverted = reverted;
        }
    }

    /// <summary>The bundle before is in force again: counted, and kept for the next start.</summary>
    public void Confirm()
    {
        fuse.Reverted();
        _fallback = null;
        Keep();
    }

    /// <summary>What is said of a bundle that was taken back.</summary>
    public static Diagnostic Problem(RevertedBundle reverted) => new(
        EdgeCodes.BundleReverted,
        Severity.Error,
        SourceLocation.None,
        string.Empty,
        $"bundle version {reverted.Version} was taken back by its fuse: {reverted.Why}",
        "find out what it refuses (edgeguard explain, edgeguard_decisions_total) and publish a corrected version; if so many refusals are meant, publish it again as a new version with a higher fuse.max_increase_percent");

    private RevertedBundle Reverted
    {
        get
        {
            lock (_loading)
            {
                return _reverted ??= Load();
            }
        }
    }

    private RevertedBundle Load()
    {
        if (state.ReadChecksummed(StateFiles.RevertedBundle, Consequence) is not { } content)
        {
            return RevertedBundle.None;
        }

        try
        {
            return JsonSerializer.Deserialize(content, StateJson.Default.RevertedBundle) ?? RevertedBundle.None;
        }
        catch (JsonException)
        {
            state.SetAside(StateFiles.RevertedBundle, Consequence);
            return RevertedBundle.None;
        }
    }

    private void Keep() =>
        state.Write(StateFiles.RevertedBundle, ChecksummedFile.Wrap(JsonSerializer.SerializeToUtf8Bytes(Reverted, StateJson.Default.RevertedBundle)));
}
