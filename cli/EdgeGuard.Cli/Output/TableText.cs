using System.Text;
using Spectre.Console;

namespace EdgeGuard.Cli.Output;

/// <summary>Tables: drawn on a terminal, aligned plain text otherwise.</summary>
internal static class TableText
{
    public static void Write(CliHost host, IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (host.IsOutputTerminal)
        {
            Draw(host, headers, rows);
            return;
        }

        var widths = headers.Select((header, column) => rows.Select(row => row[column].Length).Append(header.Length).Max()).ToArray();
        host.Out.WriteLine(Line(headers, widths));
        foreach (var row in rows)
        {
            host.Out.WriteLine(Line([.. row.Select(Printable.Clean)], widths));
        }
    }

    private static void Draw(CliHost host, IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(host.Out),
            Ansi = host.Variable("NO_COLOR") is null ? AnsiSupport.Detect : AnsiSupport.No,
        });
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn(new Text(header, new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(Printable.Clean(cell))));
        }

        console.Write(table);
    }

    private static string Line(IReadOnlyList<string> cells, int[] widths)
    {
        var line = new StringBuilder();
        for (var column = 0; column < cells.Count; column++)
        {
            line.Append(column == 0 ? string.Empty : "  ").Append(cells[column].PadRight(widths[column]));
        }

        return line.ToString().TrimEnd();
    }
}
