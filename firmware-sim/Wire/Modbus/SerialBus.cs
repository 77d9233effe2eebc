using FirmwareSim.Devices;
using FirmwareSim.Pty;

namespace FirmwareSim.Wire.Modbus;

/// <summary>
/// The RS-485 bus behind the adapter: listens on a pseudo-terminal, lets the addressed unit answer at the speed of the line. All of it
/// happens
/// on the one thread that calls <see cref="Run"/>.
/// </summary>
internal sealed class SerialBus(Device adapter, string linkPath, IReadOnlyList<ModbusUnit> units, TimeProvider time, Journal journal)
{
    /// <summary>How soon <c>unplug</c> and the end of the program are noticed.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(50);

    private long _requests;
    private long _replies;

    /// <summary>Requests with a valid checksum, for whichever unit.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public long Replies => Interlocked.Read(ref _replies);

    public bool IsPlugged => adapter.Traffic.Connected;

    /// <summary>Serves until <paramref name="stop"/>; on return the link is gone. Blocks: give it a thread of its own.</summary>
    public void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (adapter.Effects.Has(EffectKind.Unplug))
            {
                Libc.Pause(CheckInterval);
                continue;
            }
            using PseudoTerminal line = PseudoTerminal.Open(linkPath, LineRate.BusBaud);
            SetPlugged(true);
            Serve(line, stop);
            SetPlugged(false);
        }
    }

    private void SetPlugged(bool plugged)
    {
        adapter.Traffic.Connected = plugged;
        foreach (ModbusUnit unit in units) unit.Device.Traffic.Connected = plugged;
        journal.Write(plugged ? $"{adapter.Id}: plugged in at {linkPath}" : $"{adapter.Id}: unplugged");
    }

    private void Serve(PseudoTerminal line, CancellationToken stop)
    {
        var collector = new RequestCollector();
        byte[] buffer = new byte[256];
        while (!stop.IsCancellationRequested && !adapter.Effects.Has(EffectKind.Unplug))
        {
            int count = line.Read(buffer, collector.IsEmpty ? CheckInterval : LineRate.Silence);
            if (count > 0 && adapter.Effects.Has(EffectKind.Echo)) line.Write(buffer.AsSpan(0, count));
            byte[]? request = count > 0 ? collector.Add(buffer.AsSpan(0, count)) : collector.EndBySilence();
            if (request is null) continue;
            Interlocked.Increment(ref _requests);
            if (units.FirstOrDefault(u => u.Unit == request[0])?.Answer(request) is { } reply) Send(line, reply, stop);
        }
    }

    private void Send(PseudoTerminal line, UnitReply reply, CancellationToken stop)
    {
        Libc.Pause(LineRate.Silence + reply.Delay);
        Send(line, reply.Bytes, reply.Gap, stop);
        if (reply.Second is { } second)
        {
            Libc.Pause(LineRate.Silence);
            Send(line, second, reply.Gap, stop);
        }
        Interlocked.Increment(ref _replies);
    }

    /// <summary>Sends at line speed; a receiver at another rate gets what its UART would make of it.</summary>
    private void Send(PseudoTerminal line, byte[] frame, TimeSpan gap, CancellationToken stop)
    {
        int receiverBaud = line.ReadBaud();
        ReadOnlySpan<byte> bytes = receiverBaud is LineRate.BusBaud or <= 0 ? frame : LineRate.Resample(frame, receiverBaud);
        TimeSpan duration = (LineRate.CharacterTime + gap) * frame.Length;
        long startedAt = time.GetTimestamp();
        for (int sent = 0; sent < bytes.Length && !stop.IsCancellationRequested;)
        {
            Libc.Pause((duration * ((double)(sent + 1) / bytes.Length)) - time.GetElapsedTime(startedAt));
            int due = Math.Min(bytes.Length, (int)(time.GetElapsedTime(startedAt) / duration * bytes.Length));
            if (due <= sent) continue;
            line.Write(bytes[sent..due]);
            sent = due;
        }
    }
}
