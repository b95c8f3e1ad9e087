namespace EdgeGuard.Edge.State;

/// <summary>Codes of the state directory.</summary>
internal static class StateCodes
{
    /// <summary>Another process owns the directory.</summary>
    public const string OwnedByAnother = "EG3101";

    /// <summary>The directory cannot be written.</summary>
    public const string NotWritable = "EG3102";

    /// <summary>A file was torn or foreign and was set aside.</summary>
    public const string FileSetAside = "EG3103";

    /// <summary>A file could not be written.</summary>
    public const string WriteFailed = "EG3104";

    /// <summary>Others may read or write the directory.</summary>
    public const string OpenToOthers = "EG3105";

    /// <summary>The counter file cannot be made, filled or mapped.</summary>
    public const string CountersNotKept = "EG3106";

    /// <summary>Another process uses the counter file.</summary>
    public const string CountersInUse = "EG3107";

    /// <summary>The counter file was torn, foreign or of another format and was set aside.</summary>
    public const string CountersSetAside = "EG3108";

    /// <summary>The counter file could not take its new size.</summary>
    public const string CountersSizeKept = "EG3109";
}
