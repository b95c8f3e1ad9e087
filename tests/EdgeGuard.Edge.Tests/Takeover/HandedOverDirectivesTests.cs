using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.KillSwitches;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Sync;
using EdgeGuard.Identity.Revocations;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Takeover;

/// <summary>Kill switches and revocations that come while one process takes over from another: neither of the two lets pass what one of them has heard of.</summary>
public sealed class HandedOverDirectivesTests
{
    private static readonly DateTimeOffset Later = new(2126, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Sets_ThatComeDuringATakeover_AreThereForTheNewProcessBeforeItListens()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var fixture = await SyncFixture.CreateAsync();
        using var folder = new TempFolder();
        fixture.Options = fixture.Options with { Listen = fixture.Options.Listen with { AdminSocket = folder.Combine("admin.sock") } };
        await using var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Send(StreamEvents.Revocations, Revocations(fixture, 1, "ann"));
        await fixture.AckAsync(StreamEvents.Revocations, 1, Ack.Applied);

        using var inheritance = await Task.Run(() => Inheritance.Ask(folder.Combine("admin.sock"))).Within("the descriptors");
        var (revocations, kills) = (Revocations(fixture, 2, "ann", "bob"), fixture.Plane.KillSet(3, SyncFixture.Kill("a")));
        fixture.Plane.Send(StreamEvents.Revocations, revocations);
        fixture.Plane.Send(StreamEvents.KillSwitches, kills);

        // In force in the process that still answers, but told not to be kept: it writes nothing on its own account any more.
        await fixture.AckAsync(StreamEvents.Revocations, 2, Ack.Refused);
        await fixture.AckAsync(StreamEvents.KillSwitches, 3, Ack.Refused);
        Assert.Equal((2, 1), (edge.Get<RevocationSet>().Count, edge.Get<PushedKillSwitches>().Count));

        // From here on the old process accepts nothing, and the new one reads what is kept.
        await inheritance.ReadyAsync().Within("the pause");
        Assert.Equal(revocations, await File.ReadAllTextAsync(fixture.StateFile(StateFiles.Revocations)));
        Assert.Equal(kills, await File.ReadAllTextAsync(fixture.StateFile(StateFiles.KillSwitches)));
    }

    [Fact]
    public async Task Sets_KeptByTheNewProcess_ComeIntoForceInTheOldOne_AndOlderOnesDoNot()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        await using var edge = await fixture.StartEdgeAsync();
        fixture.Plane.Send(StreamEvents.Revocations, Revocations(fixture, 5, "ann"));
        fixture.Plane.Send(StreamEvents.KillSwitches, fixture.Plane.KillSet(5, SyncFixture.Kill("a")));
        await fixture.AckAsync(StreamEvents.Revocations, 5, Ack.Applied);
        await fixture.AckAsync(StreamEvents.KillSwitches, 5, Ack.Applied);

        // What the other process kept before this one began to look counts as well.
        await File.WriteAllTextAsync(fixture.StateFile(StateFiles.Revocations), Revocations(fixture, 6, "ann", "bob"));
        var directives = new DrainedDirectives(
            edge.Get<StateDirectory>(), edge.Get<LocalKillSwitches>(), edge.Get<PushedKillSwitches>(), edge.Get<RevocationSet>(), edge.Get<ApiKeySet>());
        directives.Look();
        Assert.Equal(["ann", "bob"], Subjects(edge));

        await File.WriteAllTextAsync(fixture.StateFile(StateFiles.KillSwitches), fixture.Plane.KillSet(6, SyncFixture.Kill("b")));
        await File.WriteAllTextAsync(fixture.StateFile(StateFiles.Revocations), Revocations(fixture, 4));
        directives.Look();
        Assert.Equal(["b"], edge.Pushed);
        Assert.Equal(["ann", "bob"], Subjects(edge));

        await File.WriteAllTextAsync(fixture.StateFile(StateFiles.Revocations), "nonsense");
        directives.Look();
        Assert.Equal(["ann", "bob"], Subjects(edge));
        Assert.Empty(edge.Get<StateDirectory>().Problems);
    }

    private static string[] Subjects(ConnectedEdge edge) => [.. edge.Get<RevocationList>().Pushed.TokensValidAfter.Select(entry => entry.Value)];

    private static string Revocations(SyncFixture fixture, long sequence, params string[] subjects) =>
        fixture.Plane.Sign(DocumentType.Revocations, sequence, BundleReader.WriteRevocations(new RevocationsDefinition
        {
            TokensValidAfter = [.. subjects.Select(subject => new TokensValidAfter(RevokedKind.Subject, subject, Later))],
        }));
}
