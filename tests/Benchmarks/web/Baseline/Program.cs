using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;

// What a C# programmer would write: one HttpClient, Parallel.ForEachAsync, results by index.
string kind = args[0];
if (kind == "sink")
{
    return await SinkAsync(int.Parse(args[1], CultureInfo.InvariantCulture));
}

string address = args[1];
int count = int.Parse(args[2], CultureInfo.InvariantCulture);
var options = new ParallelOptions { MaxDegreeOfParallelism = int.Parse(args[3], CultureInfo.InvariantCulture) };
using var handler = new SocketsHttpHandler();
#pragma warning disable CA5359 // The server's certificate is made for the run.
handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
using var client = new HttpClient(handler);
if (kind == "session")
{
    client.DefaultRequestHeaders.Add("Authorization", "Bearer token");
    client.DefaultRequestHeaders.Add("X-One", "1");
    client.DefaultRequestHeaders.Add("X-Two", "2");
}
else if (kind == "http2")
{
    client.DefaultRequestVersion = HttpVersion.Version20;
}

await FetchAsync(count);
GC.Collect();
double before = ProcessorSeconds();
var clock = Stopwatch.StartNew();
int[] numbers = await FetchAsync(count);
double seconds = clock.Elapsed.TotalSeconds;
double processor = ProcessorSeconds() - before;
for (int i = 0; i < count; i++)
{
    if (numbers[i] != i % 1000)
    {
        throw new InvalidOperationException($"result {i} is not that of its URL");
    }
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count / seconds:0.0} {processor * 1e6 / count:0.0}"));
return 0;

static double ProcessorSeconds()
{
    using var own = Process.GetCurrentProcess();
    return own.TotalProcessorTime.TotalSeconds;
}

async Task<int[]> FetchAsync(int number)
{
    int[] numbers = new int[number];
    await Parallel.ForEachAsync(Enumerable.Range(0, number), options, async (i, stop) => numbers[i] = await FetchOneAsync(i, stop));
    return numbers;
}

async Task<int> FetchOneAsync(int i, CancellationToken stop)
{
    if (kind == "session")
    {
        Page page = (await client.GetFromJsonAsync<Page>(new Uri($"{address}/json/{i % 1000}.json"), stop))!;
        return page.Items.Length == 20 && page.Name.Length == 8 ? page.Number : -1;
    }

    string host = kind == "hosts" ? address.Replace("127.0.0.1", $"127.0.0.{(i % 100) + 1}", StringComparison.Ordinal) : address;
    string text = await client.GetStringAsync(new Uri($"{host}/pages/{i % 1000}.txt"), stop);
    return text.Length == 1024 ? int.Parse(text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture) : -1;
}

// Takes what is sent to it and throws it away; nginx would keep it in a file.
static async Task<int> SinkAsync(int port)
{
    var listener = new TcpListener(IPAddress.Loopback, port);
    listener.Start();
    while (true)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        byte[] buffer = new byte[1024 * 1024];
        int read = await stream.ReadAsync(buffer);
        if (read == 0)
        {
            continue;
        }

        string head = Encoding.ASCII.GetString(buffer, 0, read);
        int body = head.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        string length = head[(head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase) + 16)..];
        long left = long.Parse(length.AsSpan(0, length.IndexOf('\r', StringComparison.Ordinal)), CultureInfo.InvariantCulture) - (read - body);
        while (left > 0 && (read = await stream.ReadAsync(buffer)) > 0)
        {
            left -= read;
        }

        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
    }
}

internal sealed record Page(int Number, string Name, int[] Items);
