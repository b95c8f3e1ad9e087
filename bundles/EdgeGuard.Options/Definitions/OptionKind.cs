namespace EdgeGuard.Options.Definitions;

/// <summary>How the text of an option is read.</summary>
public enum OptionKind : byte
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>One of a closed list of words.</summary>
    Choice,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A share: <c>0.1%</c>, at most four decimals.</summary>
    Percent,

    /// <summary>Bytes: <c>64MiB</c>, <c>512KiB</c>, <c>1GiB</c>, or a plain number.</summary>
    Size,

    /// <summary><c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>1h30m</c>, <c>2d</c>.</summary>
    Duration,

    /// <summary><c>host:port</c>, <c>unix:/path</c> or <c>off</c>.</summary>
    Address,

    /// <summary>A file or folder.</summary>
    Path,

    /// <summary>An absolute http or https address.</summary>
    Url,

    /// <summary>Texts; separated by commas where a list cannot be written.</summary>
    List,

    /// <summary>Words of a closed list; separated by commas where a list cannot be written.</summary>
    ChoiceList,

    /// <summary>Absolute http or https addresses; separated by commas where a list cannot be written.</summary>
    UrlList,

    /// <summary>Networks (<c>10.0.0.0/8</c>), single addresses, or <c>unix</c>; separated by commas where a list cannot be written.</summary>
    NetworkList,
}
