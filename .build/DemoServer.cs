using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

/// <summary>
/// A small web server on a free loopback port, for the demo and for the examples in the help.
/// What a path answers depends on the path alone:
/// /pages/N is a page of text that may be slow, missing, failing, cut off or silent, as <see cref="GroupOf"/> says;
/// /slow... answers after five seconds, /missing... is not found, /busy... is unavailable;
/// anything else answers at once with JSON that tells path, id (the last number in the path), method and body.
/// </summary>
public sealed class DemoServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private int _atOnce;
    private int _mostAtOnce;

    public DemoServer()
    {
        _listener.Start(backlog: 1024);
        BaseAddress = $"http://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = AcceptAsync();
    }

    public string BaseAddress { get; }

    /// <summary>How many requests were being answered at the same time, at most.</summary>
    public int MostAtOnce => _mostAtOnce;

    public static string GroupOf(int page) => (page % 40) switch
    {
        3 or 23 => "not found",
        7 or 27 => "unavailable",
        11 or 31 => "cut off",
        19 => "silent",
        int n when n % 4 == 0 => "slow",
        _ => "quick",
    };

    /// <summary>The text of a page, one to four kilobytes.</summary>
    public static string TextOf(int page) =>
        string.Concat(Enumerable.Range(1, 20 + (page % 60)).Select(line => $"Page {page}, line {line}: nothing to see, but all of it must arrive.\n"));

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient connection = client;
        client.NoDelay = true;
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        try
        {
            while (await reader.ReadLineAsync(_stopping.Token) is { Length: > 0 } requestLine)
            {
                string body = await ReadBodyAsync(reader);
                string[] parts = requestLine.Split(' ');
                int atOnce = Interlocked.Increment(ref _atOnce);
                _mostAtOnce = Math.Max(_mostAtOnce, atOnce);
                try
                {
                    if (!await AnswerAsync(client.GetStream(), parts[0], parts[1], body))
                    {
                        return;
                    }
                }
                finally
                {
                    Interlocked.Decrement(ref _atOnce);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The client went away, or the server did.
        }
    }

    private async Task<string> ReadBodyAsync(StreamReader reader)
    {
        int length = 0;
        while (await reader.ReadLineAsync(_stopping.Token) is { Length: > 0 } header)
        {
            if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(header.AsSpan(15), CultureInfo.InvariantCulture);
            }
        }

        if (length == 0)
        {
            // Reading no characters would still wait for some.
            return "";
        }

        char[] body = new char[length];
        await reader.ReadBlockAsync(body, _stopping.Token);
        return new string(body);
    }

    /// <returns>Whether the connection may serve another request.</returns>
    private async Task<bool> AnswerAsync(NetworkStream stream, string method, string target, string body)
    {
        string path = target.Split('?')[0];
        string digits = new(path.Reverse().SkipWhile(c => !char.IsDigit(c)).TakeWhile(char.IsDigit).Reverse().ToArray());
        int number = int.TryParse(digits, out int parsed) ? parsed : 0;
        string group = path.StartsWith("/pages/", StringComparison.Ordinal) ? GroupOf(number) : path.Split('/')[1];
        TimeSpan delay = group switch
        {
            "quick" => TimeSpan.FromMilliseconds(20 + (number * 7 % 40)),
            "slow" when path.StartsWith("/pages/", StringComparison.Ordinal) => TimeSpan.FromMilliseconds(200 + (number * 37 % 600)),
            "silent" => Timeout.InfiniteTimeSpan,
            _ when group.StartsWith("slow", StringComparison.Ordinal) => TimeSpan.FromSeconds(5),
            _ => TimeSpan.Zero,
        };
        await Task.Delay(delay, _stopping.Token);

        string status = group switch
        {
            "not found" => "404 Not Found",
            "unavailable" => "503 Service Unavailable",
            _ when group.StartsWith("missing", StringComparison.Ordinal) => "404 Not Found",
            _ when group.StartsWith("busy", StringComparison.Ordinal) => "503 Service Unavailable",
            _ => "200 OK",
        };
        bool isPage = path.StartsWith("/pages/", StringComparison.Ordinal);
        string content = status[0] != '2' ? $"{status}\n"
            : isPage ? TextOf(number)
            : JsonSerializer.Serialize(new Dictionary<string, object> { ["path"] = path, ["id"] = number, ["method"] = method, ["body"] = body });

        byte[] bytes = Encoding.UTF8.GetBytes(content);
        string head = $"HTTP/1.1 {status}\r\nContent-Type: {(isPage ? "text/plain" : "application/json")}; charset=utf-8\r\nContent-Length: {bytes.Length}\r\n\r\n";
        bool isCutOff = group == "cut off";
        int sent = method == "HEAD" ? 0 : isCutOff ? bytes.Length / 2 : bytes.Length;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head).Concat(bytes.Take(sent)).ToArray(), _stopping.Token);
        return !isCutOff;
    }
}
