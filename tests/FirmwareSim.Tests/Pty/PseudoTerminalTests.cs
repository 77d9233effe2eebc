using FirmwareSim.Pty;

namespace FirmwareSim.Tests.Pty;

public sealed class PseudoTerminalTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("firmware-sim-").FullName;

    private string LinkPath => Path.Combine(_folder, "bus-1");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Bytes_go_both_ways_unchanged_through_the_link()
    {
        using PseudoTerminal line = PseudoTerminal.Open(LinkPath, 9600);
        using FileStream gateway = SerialPortFile.Open(LinkPath);
        byte[] everything = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

        gateway.Write(everything);
        byte[] heard = new byte[256];
        for (int got = 0; got < heard.Length;) got += line.Read(heard.AsSpan(got), Patience);
        Assert.Equal(everything, heard);

        line.Write(everything);
        byte[] answered = new byte[256];
        gateway.ReadExactly(answered);
        Assert.Equal(everything, answered);
    }

    [Fact]
    public void Nobody_at_the_other_end_is_silence_and_not_an_error()
    {
        using PseudoTerminal line = PseudoTerminal.Open(LinkPath, 9600);
        SerialPortFile.Open(LinkPath).Dispose();
        Assert.Equal(0, line.Read(new byte[8], TimeSpan.FromMilliseconds(1)));
        for (int i = 0; i < 100; i++) line.Write(new byte[256]);
        Assert.Equal(9600, line.ReadBaud());
    }

    [Fact]
    public void The_link_goes_away_with_the_terminal_and_a_stale_one_is_replaced()
    {
        File.CreateSymbolicLink(LinkPath, "/dev/pts/no-such-terminal");
        using (PseudoTerminal.Open(LinkPath, 9600))
            Assert.StartsWith("/dev/pts/", new FileInfo(LinkPath).LinkTarget, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_file_that_is_no_link_is_left_alone()
    {
        File.WriteAllText(LinkPath, "mine");
        IOException failure = Assert.Throws<IOException>(() => PseudoTerminal.Open(LinkPath, 9600));
        Assert.Contains("is not a link", failure.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(LinkPath));
    }
}
