namespace FirmwareSim.Tests;

/// <summary>The gateway's end of a serial line, as a plain unbuffered file.</summary>
internal static class SerialPortFile
{
    public static FileStream Open(string path) => File.Open(path, new FileStreamOptions
    {
        Access = FileAccess.ReadWrite,
        Mode = FileMode.Open,
        Share = FileShare.ReadWrite,
        BufferSize = 0,
    });
}
