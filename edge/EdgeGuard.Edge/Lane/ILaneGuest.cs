namespace EdgeGuard.Edge.Lane;

/// <summary>Somebody with a socket in a loop. Everything is called on the loop's thread.</summary>
internal interface ILaneGuest
{
    /// <summary>Whether the loop waits for its end before it ends itself.</summary>
    bool HoldsLoop { get; }

    /// <summary>Something has happened to its socket.</summary>
    /// <param name="flags">What, as <see cref="Epoll"/> tells it.</param>
    /// <param name="now">Timestamp.</param>
    void OnEvent(uint flags, long now);

    /// <summary>About a second has passed.</summary>
    void OnLook(long now);

    /// <summary>The loop ends: whoever is idle leaves, whoever is not leaves afterwards.</summary>
    void OnClose();

    /// <summary>One of the others threw: it has to leave.</summary>
    void OnFailure(Exception failure);
}
