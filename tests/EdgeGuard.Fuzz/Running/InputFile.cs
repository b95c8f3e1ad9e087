using System.IO.MemoryMappedFiles;

namespace EdgeGuard.Fuzz.Running;

/// <summary>
/// The input that is being read, in a mapped file: also a crash that ends the process at once (a stack that is full, memory that is not mapped) leaves it
/// behind. The file begins with the length of the input, and is removed after a run that found nothing.
/// </summary>
internal sealed class InputFile : IDisposable
{
    private readonly MemoryMappedFile _mapped;
    private readonly MemoryMappedViewAccessor _view;
    private bool _found;

    public InputFile(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        _mapped = MemoryMappedFile.CreateFromFile(Path, FileMode.Create, null, sizeof(int) + Mutator.MaxBytes);
        _view = _mapped.CreateViewAccessor();
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Keeps an input until the next one.</summary>
    public void Write(byte[] input)
    {
        _view.Write(0, input.Length);
        _view.WriteArray(sizeof(int), input, 0, Math.Min(input.Length, Mutator.MaxBytes));
    }

    /// <summary>The file stays.</summary>
    public void Keep() => _found = true;

    /// <summary>Reads a file that a run left.</summary>
    public static byte[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length != sizeof(int) + Mutator.MaxBytes)
        {
            // Written by hand.
            return bytes;
        }

        return bytes[sizeof(int)..][..Math.Clamp(BitConverter.ToInt32(bytes), 0, Mutator.MaxBytes)];
    }

    public void Dispose()
    {
        _view.Dispose();
        _mapped.Dispose();
        if (!_found)
        {
            File.Delete(Path);
        }
    }
}
