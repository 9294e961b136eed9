using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace AsyncJobsTests;

/// <summary>
/// A name server for tests. It knows each name once: hosts under "known." have addresses and those have names, "alias." is
/// another name for "known.", and it never answers for what is under "silent.". There is nothing else.
/// </summary>
public sealed class DnsTestServer : IDisposable
{
    private readonly Socket _socket;
    private readonly ConcurrentDictionary<string, int> _asked = new();

    public DnsTestServer(int port)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _ = ServeAsync();
    }

    /// <summary>How often a name was asked for, whatever the type.</summary>
    public int AskedFor(string name) => _asked.GetValueOrDefault(name);

    public void Dispose() => _socket.Dispose();

    private async Task ServeAsync()
    {
        var buffer = new byte[1024];
        while (true)
        {
            try
            {
                SocketReceiveFromResult got = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                if (Answer(buffer.AsSpan(0, got.ReceivedBytes)) is { } answer)
                {
                    await _socket.SendToAsync(answer, SocketFlags.None, got.RemoteEndPoint);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private byte[] Answer(ReadOnlySpan<byte> query)
    {
        var labels = new List<string>();
        int at = 12;
        while (query[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(query.Slice(at + 1, query[at])).ToLowerInvariant());
            at += query[at] + 1;
        }

        string name = string.Join('.', labels);
        int type = (query[at + 1] << 8) | query[at + 2];
        _asked.AddOrUpdate(name, 1, (_, count) => count + 1);
        if (labels[^1] == "silent")
        {
            return null;
        }

        var answers = new List<byte[]>();
        bool isKnown = labels[^1] is "known" or "alias" || name.EndsWith(".in-addr.arpa", StringComparison.Ordinal);
        byte[] owner = new byte[] { 0xC0, 12 };
        if (labels[^1] == "alias")
        {
            labels[^1] = "known";
            byte[] target = Encode(labels);
            answers.Add(Record(owner, 5, target));
            owner = target;
        }

        if (isKnown && type == 1)
        {
            answers.Add(Record(owner, 1, new byte[] { 127, 9, 0, 1 }));
        }
        else if (isKnown && type == 28)
        {
            answers.Add(Record(owner, 28, IPAddress.Parse("fd00::9").GetAddressBytes()));
        }
        else if (isKnown && type == 12)
        {
            answers.Add(Record(owner, 12, Encode(new List<string> { "host-" + labels[0] + "-" + labels[1], "known" })));
        }

        var answer = new List<byte>(query[..2].ToArray()) { 0x81, (byte)(isKnown ? 0x80 : 0x83), 0, 1, 0, (byte)answers.Count, 0, 0, 0, 0 };
        answer.AddRange(query[12..(at + 5)].ToArray());
        answers.ForEach(answer.AddRange);
        return answer.ToArray();
    }

    private static byte[] Record(byte[] owner, int type, byte[] data)
    {
        var record = new List<byte>(owner) { 0, (byte)type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length };
        record.AddRange(data);
        return record.ToArray();
    }

    private static byte[] Encode(List<string> labels)
    {
        var name = new List<byte>();
        foreach (string label in labels)
        {
            name.Add((byte)label.Length);
            name.AddRange(Encoding.ASCII.GetBytes(label));
        }

        name.Add(0);
        return name.ToArray();
    }
}
