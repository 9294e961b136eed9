#nullable enable
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace AsyncJobs.Testing;

/// <summary>
/// A small HTTP server on a free loopback port that can also misbehave. The path says what is wanted; see Answer. It
/// serves the xunit tests, and through Add-Type the Pester tests.
/// </summary>
public sealed class TestServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<string, int> _visits = new();
    private readonly object _gate = new();
    private readonly X509Certificate2? _certificate;
    private int _requestCount;
    private int _connectionCount;
    private int _openConnections;
    private int _waitingRequests;
    private long _endlessBytes;

    private TestServer(X509Certificate2? certificate)
    {
        _certificate = certificate;
        _listener.Start(4096);
        int port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        BaseUri = $"{(certificate is null ? "http" : "https")}://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";
        _ = AcceptAsync();
    }

    /// <summary>Scheme, host and port, without a slash at the end.</summary>
    public string BaseUri { get; }

    /// <summary>How many requests have come.</summary>
    public int RequestCount => Volatile.Read(ref _requestCount);

    /// <summary>How many connections have been made.</summary>
    public int ConnectionCount => Volatile.Read(ref _connectionCount);

    /// <summary>How many connections are open.</summary>
    public int OpenConnections => Volatile.Read(ref _openConnections);

    /// <summary>How many requests to /hang and /stall are being left waiting.</summary>
    public int WaitingRequests => Volatile.Read(ref _waitingRequests);

    /// <summary>The tag of every /download, in its quotes; empty for none.</summary>
    public string FileTag { get; set; } = "\"one\"";

    /// <summary>The date of every /download; empty for none.</summary>
    public string FileDate { get; set; } = "Mon, 02 Nov 2020 10:00:00 GMT";

    /// <summary>The answer of /answer, head and all, for what is too large for an address.</summary>
    public byte[] Answer { get; set; } = [];

    /// <summary>How much has been sent to /endless.</summary>
    public long EndlessBytes => Interlocked.Read(ref _endlessBytes);

    /// <summary>The address that is answered with this, given as text of one byte a character, head and all.</summary>
    public string UriOfAnswer(string answer) =>
        $"{BaseUri}/raw?answer={Uri.EscapeDataString(Convert.ToBase64String(Encoding.Latin1.GetBytes(answer)))}";

    /// <summary>Starts a server.</summary>
    public static TestServer Start() => new(null);

    /// <summary>Starts one for https whose certificate nobody trusts.</summary>
    public static TestServer StartTls()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
#pragma warning disable SYSLIB0057 // The replacement is newer than the oldest .NET this runs on.
        return new TestServer(new X509Certificate2(made.Export(X509ContentType.Pfx)));
#pragma warning restore SYSLIB0057
    }

    /// <summary>An address on which nobody listens.</summary>
    public static string GetRefusingUri()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>How often a path has been asked for, query included.</summary>
    public int VisitsTo(string path) => _visits.GetValueOrDefault(path);

    /// <summary>Waits until something has come to be, looking again whenever a request or connection comes or goes.</summary>
    /// <returns>False if it did not within ten seconds.</returns>
    public bool WaitFor(Func<TestServer, bool> condition)
    {
        var clock = Stopwatch.StartNew();
        lock (_gate)
        {
            while (!condition(this))
            {
                TimeSpan left = TimeSpan.FromSeconds(10) - clock.Elapsed;
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                {
                    return condition(this);
                }
            }

            return true;
        }
    }

    /// <summary>Waits until as many requests as given are being left waiting.</summary>
    public bool WaitForWaitingRequests(int count) => WaitFor(server => server.WaitingRequests == count);

    /// <summary>Stops listening and closes every connection.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        _listener.Stop();
        _certificate?.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_closing.Token).ConfigureAwait(false));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        Count(ref _connectionCount, 1);
        Count(ref _openConnections, 1);
        try
        {
            socket.NoDelay = true;
            using var network = new NetworkStream(socket, ownsSocket: true);
            using SslStream? tls = _certificate is null ? null : new SslStream(network);
            if (tls is not null)
            {
                // Whoever has a certificate is asked for it, and taken with any.
                var options = new SslServerAuthenticationOptions
                {
                    ServerCertificate = _certificate!,
                    ClientCertificateRequired = true,
#pragma warning disable CA5359 // That of a client, of which no test makes a valid one.
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
                };
                await tls.AuthenticateAsServerAsync(options).ConfigureAwait(false);
            }

            var connection = new Connection((Stream?)tls ?? network, socket, _closing.Token);
            while (await connection.ReadRequestAsync().ConfigureAwait(false) is { } request)
            {
                _visits.AddOrUpdate(request.Target, 1, (_, count) => count + 1);
                Count(ref _requestCount, 1);
                if (!await AnswerAsync(connection, request).ConfigureAwait(false)
                    || string.Equals(request.Header("Connection"), "close", StringComparison.OrdinalIgnoreCase))
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException
            or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or the server did.
        }
        finally
        {
            Count(ref _openConnections, -1);
        }
    }

    /// <summary>Answers one request; false closes the connection.</summary>
    private async Task<bool> AnswerAsync(Connection connection, Request request)
    {
        string[] parts = request.Path.Trim('/').Split('/');
        switch (parts[0])
        {
            case "hang":
            case "stall":
                if (parts[0] == "stall")
                {
                    await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nbeginning").ConfigureAwait(false);
                }

                Count(ref _waitingRequests, 1);
                try
                {
                    await connection.WaitForCloseAsync().ConfigureAwait(false);
                }
                finally
                {
                    Count(ref _waitingRequests, -1);
                }

                return false;
            case "close":
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nbeginning").ConfigureAwait(false);
                return false;
            case "drop":
                return false;
            case "reset":
                connection.Reset();
                return false;
            case "garbage":
                await connection.SendAsync("this is not HTTP\r\n\r\n").ConfigureAwait(false);
                return false;
            case "slow":
                await Task.Delay(int.Parse(request.Query("ms") ?? "100", CultureInfo.InvariantCulture), _closing.Token).ConfigureAwait(false);
                await connection.SendAsync(200, "text/plain", "slow").ConfigureAwait(false);
                return true;
            case "status":
                await connection.SendAsync(int.Parse(parts[1], CultureInfo.InvariantCulture), "text/plain", $"status {parts[1]}").ConfigureAwait(false);
                return true;
            case "fail":
                await FailThenOkAsync(connection, request, status: int.Parse(parts[1], CultureInfo.InvariantCulture), times: int.Parse(parts[2], CultureInfo.InvariantCulture)).ConfigureAwait(false);
                return true;
            case "redirect":
                await connection.SendAsync(302, "text/plain", "", "Location: /" + string.Join('/', parts.Skip(1))).ConfigureAwait(false);
                return true;
            case "bytes":
                await connection.SendAsync(200, "text/plain", new string('x', int.Parse(parts[1], CultureInfo.InvariantCulture))).ConfigureAwait(false);
                return true;
            case "chunked":
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst \r\n6\r\nsecond\r\n0\r\n\r\n").ConfigureAwait(false);
                return true;
            case "gzip":
                await connection.SendAsync(200, "text/plain", Zip("compressed"), "Content-Encoding: gzip").ConfigureAwait(false);
                return true;
            case "file":
                return await SendFileAsync(connection, request, int.Parse(parts[1], CultureInfo.InvariantCulture)).ConfigureAwait(false);
            case "turns":
                // /turns?0=status,body&1=...: each visit gets the next answer, later ones the last; bodies are base64 of JSON.
                int turn = VisitsTo(request.Target) - 1;
                while (request.Query($"{turn}") is null)
                {
                    turn--;
                }

                string[] answer = request.Query($"{turn}")!.Split(',');
                await connection.SendAsync(
                    int.Parse(answer[0], CultureInfo.InvariantCulture), "application/json", Convert.FromBase64String(answer[1])).ConfigureAwait(false);
                return true;
            case "accounts":
                // /accounts/{name}/invoices?page=n: four pages of three items, each with the next; too many requests at first for east's second.
                int page = int.Parse(request.Query("page") ?? "1", CultureInfo.InvariantCulture);
                bool isTooMany = parts[1] == "east" && page == 2 && VisitsTo(request.Target) == 1;
                string items = string.Join(',', Enumerable.Range(1, 3).Select(item => $$"""{"id":"{{parts[1]}}-{{page}}-{{item}}"}"""));
                string next = page < 4 ? $"\"{BaseUri}{request.Path}?page={page + 1}\"" : "null";
                await connection.SendAsync(
                    isTooMany ? 429 : 200, "application/json", $$"""{"items":[{{items}}],"next":{{next}}}""", isTooMany ? "Retry-After: 1" : "").ConfigureAwait(false);
                return true;
            case "headers":
                await connection.SendAsync(200, "text/plain", request.Head).ConfigureAwait(false);
                return true;
            case "echo":
                await connection.SendAsync(200, "text/plain", $"{request.Method} {request.Target}\n{request.Header("Content-Type")}\n{request.Body}").ConfigureAwait(false);
                return true;
            case "send":
                // /send?type=...&body=... in base64: any body of any type; ?ms=n after that time.
                await Task.Delay(int.Parse(request.Query("ms") ?? "0", CultureInfo.InvariantCulture), _closing.Token).ConfigureAwait(false);
                await connection.SendAsync(200, request.Query("type"), Convert.FromBase64String(request.Query("body") ?? "")).ConfigureAwait(false);
                return true;
            case "raw":
                // /raw?answer=... in base64: the whole answer, after which the connection is closed; with ?hang=1 by the client.
                await connection.SendAsync(Convert.FromBase64String(request.Query("answer") ?? "")).ConfigureAwait(false);
                if (request.Query("hang") is not null)
                {
                    await connection.WaitForCloseAsync().ConfigureAwait(false);
                }

                return false;
            case "answer":
                await connection.SendAsync(Answer).ConfigureAwait(false);
                return false;
            case "circle":
                await connection.SendAsync(302, "text/plain", "", "Location: /circle").ConfigureAwait(false);
                return true;
            case "pages":
                await connection.SendAsync(200, "application/json", "1", "Link: </pages>; rel=next").ConfigureAwait(false);
                return true;
            case "request":
                // What was sent: the head, an empty line, and the body in hexadecimal.
                await connection.SendAsync(200, "text/plain", $"{request.Head}\r\n\r\n{request.HexBody}").ConfigureAwait(false);
                return true;
            case "pieces":
                // /pieces?type=...&body=... in base64, split at NUL: each as soon as the one before has gone; then ?hang=1 waits.
                await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: {request.Query("type")}\r\nConnection: close\r\n\r\n").ConfigureAwait(false);
                foreach (string piece in Encoding.Latin1.GetString(Convert.FromBase64String(request.Query("body") ?? "")).Split('\0'))
                {
                    await connection.SendAsync(piece).ConfigureAwait(false);
                    await Task.Delay(int.Parse(request.Query("ms") ?? "0", CultureInfo.InvariantCulture), _closing.Token).ConfigureAwait(false);
                }

                if (request.Query("hang") is not null)
                {
                    await connection.WaitForCloseAsync().ConfigureAwait(false);
                }

                return false;
            case "endless":
                // Lines without an end, as fast as they are taken.
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n").ConfigureAwait(false);
                string lines = string.Concat(Enumerable.Repeat(new string('x', 1023) + "\n", 64));
                while (true)
                {
                    await connection.SendAsync(lines).ConfigureAwait(false);
                    Interlocked.Add(ref _endlessBytes, lines.Length);
                }

            case "download":
                return await SendDownloadAsync(connection, request).ConfigureAwait(false);
            case "cookie":
                // /cookie/{name}/{value}, with ?to=path as a redirection.
                await connection.SendAsync(
                    request.Query("to") is null ? 200 : 302, "text/plain", "set", $"Set-Cookie: {parts[1]}={parts[2]}; Path=/\r\nLocation: {request.Query("to")}").ConfigureAwait(false);
                return true;
            case "once":
                // Answers the first request of a connection, and closes it without a word at the second.
                if (connection.RequestCount > 1)
                {
                    return false;
                }

                await connection.SendAsync(200, "text/plain", "once").ConfigureAwait(false);
                return true;
            case "tls":
                // The TLS version and the thumbprint of the client's certificate.
                var tls = (SslStream)connection.Stream;
                await connection.SendAsync(200, "text/plain", $"{tls.SslProtocol} {tls.RemoteCertificate?.GetCertHashString()}").ConfigureAwait(false);
                return true;
            case "proxy":
                await connection.SendAsync(
                    request.Header("Proxy-Authorization") is null ? 407 : 200, "text/plain", request.Header("Proxy-Authorization") ?? "", "Proxy-Authenticate: Basic realm=\"test\"").ConfigureAwait(false);
                return true;
            case "basic":
                await connection.SendAsync(
                    request.Header("Authorization") is null ? 401 : 200, "text/plain", request.Header("Authorization") ?? "", "WWW-Authenticate: Basic realm=\"test\"").ConfigureAwait(false);
                return true;
            case "json":
                await connection.SendAsync(200, "application/json", """{"name":"café","count":3,"items":[1,2,3],"nested":{"ok":true}}""").ConfigureAwait(false);
                return true;
            default:
                await connection.SendAsync(200, "text/plain", "ok").ConfigureAwait(false);
                return true;
        }
    }

    /// <summary>/fail/{status}/{times}: that status as often, then 200. ?after=n adds Retry-After in seconds, ?date=n the date in n seconds.</summary>
    private async Task FailThenOkAsync(Connection connection, Request request, int status, int times)
    {
        if (VisitsTo(request.Target) > times)
        {
            await connection.SendAsync(200, "text/plain", "recovered").ConfigureAwait(false);
            return;
        }

        string? retryAfter = request.Query("after");
        if (request.Query("date") is { } seconds)
        {
            retryAfter = DateTimeOffset.UtcNow.AddSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)).ToString("R");
        }

        await connection.SendAsync(status, "text/plain", $"status {status}", retryAfter is null ? "" : $"Retry-After: {retryAfter}").ConfigureAwait(false);
    }

    /// <summary>
    /// /file/{size}/{name}: bytes that tell their place, with ETag and ranges, that of If-Range too; ?tag=... for another ETag,
    /// ?drop=n to break off the n-th answer in its middle. HEAD gives the head alone.
    /// </summary>
    private async Task<bool> SendFileAsync(Connection connection, Request request, int size)
    {
        byte[] content = Enumerable.Range(0, size).Select(static i => (byte)(i % 251)).ToArray();
        string tag = $"\"{request.Query("tag") ?? "first"}\"";
        int begin = 0;
        int end = size;
        if (request.Header("Range") is { } range && (request.Header("If-Range") ?? tag) == tag)
        {
            string[] ends = range["bytes=".Length..].Split('-');
            begin = int.Parse(ends[0], CultureInfo.InvariantCulture);
            end = ends[1].Length == 0 ? size : Math.Min(size, int.Parse(ends[1], CultureInfo.InvariantCulture) + 1);
        }

        bool isPart = end - begin < size;
        string head = $"HTTP/1.1 {(isPart ? "206 Partial Content" : "200 OK")}\r\nETag: {tag}\r\nAccept-Ranges: bytes\r\nContent-Type: application/octet-stream\r\n"
            + $"Content-Length: {end - begin}\r\n" + (isPart ? $"Content-Range: bytes {begin}-{end - 1}/{size}\r\n\r\n" : "\r\n");
        bool isDropped = request.Query("drop") is { } visit && VisitsTo(request.Target) == int.Parse(visit, CultureInfo.InvariantCulture);
        int sent = request.Method == "HEAD" ? 0 : isDropped ? (end - begin) / 2 : end - begin;
        await connection.SendAsync(Encoding.Latin1.GetString(Encoding.Latin1.GetBytes(head).Concat(content.Skip(begin).Take(sent)).ToArray())).ConfigureAwait(false);
        return !isDropped;
    }

    /// <summary>
    /// /download/{name}: a file of ?size=n bytes that knows ranges, with FileTag and FileDate; the first answer to a target ends after
    /// ?cut=n bytes; ?as=name names it; ?wrong=1 sends the part of another file.
    /// </summary>
    private async Task<bool> SendDownloadAsync(Connection connection, Request request)
    {
        int size = int.Parse(request.Query("size") ?? "1000", CultureInfo.InvariantCulture);
        byte[] content = Enumerable.Range(0, size).Select(index => (byte)('a' + ((index + FileTag.Length) % 26))).ToArray();
        var head = new StringBuilder();
        head.Append(FileTag.Length > 0 ? $"ETag: {FileTag}\r\n" : "").Append(FileDate.Length > 0 ? $"Last-Modified: {FileDate}\r\n" : "");
        head.Append(request.Query("as") is { } name ? $"Content-Disposition: attachment; filename=\"{name}\"\r\n" : "");
        if (FileDate.Length > 0 && request.Header("If-Modified-Since") is { } since
            && DateTimeOffset.Parse(since, CultureInfo.InvariantCulture) >= DateTimeOffset.Parse(FileDate, CultureInfo.InvariantCulture))
        {
            await connection.SendAsync($"HTTP/1.1 304 Not Modified\r\n{head}\r\n").ConfigureAwait(false);
            return true;
        }

        string status = "200 OK";
        int from = 0;
        if (request.Header("Range") is { } range && request.Header("If-Range") is { } condition && (condition == FileTag || condition == FileDate))
        {
            from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
            status = from >= size ? "416 Range Not Satisfiable" : "206 Partial Content";
            string shown = from >= size ? $"bytes */{size}" : $"bytes {from}-{size - 1}/{size}";
            head.Append("Content-Range: " + shown + "\r\n");
            from = Math.Min(from, size);
            if (request.Query("wrong") is not null)
            {
                head.Replace(FileTag, "\"wrong\"");
            }
        }

        bool isCut = request.Query("cut") is not null && VisitsTo(request.Target) == 1;
        int length = isCut ? int.Parse(request.Query("cut")!, CultureInfo.InvariantCulture) : size - from;
        await connection.SendAsync($"HTTP/1.1 {status}\r\nContent-Type: application/octet-stream\r\nContent-Length: {size - from}\r\n{head}\r\n").ConfigureAwait(false);
        await connection.SendAsync(content.AsSpan(from, length).ToArray()).ConfigureAwait(false);
        if (isCut && request.Query("hang") is not null)
        {
            await connection.WaitForCloseAsync().ConfigureAwait(false);
        }

        return !isCut;
    }

    private static byte[] Zip(string text)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionMode.Compress))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private void Count(ref int counter, int change)
    {
        lock (_gate)
        {
            counter += change;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>A request as it came.</summary>
    private sealed record Request(string Method, string Target, string Head, string Body)
    {
        public string HexBody { get; init; } = "";

        // A proxy gets the whole address.
        public string Path => (Target.StartsWith("http://", StringComparison.Ordinal) ? new Uri(Target).PathAndQuery : Target).Split('?')[0];

        public string? Query(string name) => Target.Split('?').Skip(1).SelectMany(query => query.Split('&'))
            .Where(pair => pair.StartsWith(name + "=", StringComparison.Ordinal))
            .Select(pair => Uri.UnescapeDataString(pair[(name.Length + 1)..]))
            .FirstOrDefault();

        public string? Header(string name) => Head.Split("\r\n")
            .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim())
            .FirstOrDefault();
    }

    /// <summary>One connection: reads requests, sends answers.</summary>
    private sealed class Connection(Stream stream, Socket socket, CancellationToken closing)
    {
        private readonly List<byte> _received = [];
        private readonly byte[] _buffer = new byte[8192];

        public int RequestCount { get; private set; }

        public Stream Stream => stream;

        public async Task<Request?> ReadRequestAsync()
        {
            int end;
            while ((end = EndOfHead()) < 0)
            {
                if (!await ReceiveAsync().ConfigureAwait(false))
                {
                    return null;
                }
            }

            string head = Encoding.Latin1.GetString(_received.GetRange(0, end).ToArray());
            _received.RemoveRange(0, end + 4);
            string[] line = head.Split("\r\n")[0].Split(' ');
            var request = new Request(line[0], line[1], head, "");
            int length = int.Parse(request.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture);
            while (_received.Count < length)
            {
                if (!await ReceiveAsync().ConfigureAwait(false))
                {
                    return null;
                }
            }

            byte[] body = request.Header("Transfer-Encoding") is { } coding && coding.Contains("chunked", StringComparison.OrdinalIgnoreCase)
                ? await ReadChunksAsync().ConfigureAwait(false)
                : Take(length);
            RequestCount++;
            return request with { Body = Encoding.UTF8.GetString(body), HexBody = Convert.ToHexString(body) };
        }

        public Task SendAsync(int status, string? type, string body, string header = "") => SendAsync(status, type, Encoding.UTF8.GetBytes(body), header);

        public async Task SendAsync(int status, string? type, byte[] body, string header = "")
        {
            var head = new StringBuilder(FormattableString.Invariant($"HTTP/1.1 {status} {(HttpStatusCode)status}\r\nContent-Length: {body.Length}\r\n"));
            head.Append(type is null ? "" : $"Content-Type: {type}\r\n").Append(header.Length == 0 ? "" : header + "\r\n").Append("\r\n");
            await stream.WriteAsync(Encoding.Latin1.GetBytes(head.ToString()).Concat(body).ToArray(), closing).ConfigureAwait(false);
        }

        public Task SendAsync(byte[] raw) => stream.WriteAsync(raw, closing).AsTask();

        public Task SendAsync(string raw) => stream.WriteAsync(Encoding.Latin1.GetBytes(raw), closing).AsTask();

        public async Task WaitForCloseAsync()
        {
            while (await ReceiveAsync().ConfigureAwait(false))
            {
                // Whatever more is sent is not answered.
            }
        }

        public void Reset()
        {
            // With no time to linger, closing sends RST.
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }

        private async Task<byte[]> ReadChunksAsync()
        {
            var body = new List<byte>();
            while (true)
            {
                int end;
                while ((end = _received.IndexOf((byte)'\n')) < 0 && await ReceiveAsync().ConfigureAwait(false))
                {
                    // Until the line with the length is whole.
                }

                int length = int.Parse(Encoding.ASCII.GetString(Take(end + 1)).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                while (_received.Count < length + 2 && await ReceiveAsync().ConfigureAwait(false))
                {
                    // Until the chunk is whole.
                }

                body.AddRange(Take(length));
                Take(2);
                if (length == 0)
                {
                    return body.ToArray();
                }
            }
        }

        private byte[] Take(int count)
        {
            byte[] taken = _received.GetRange(0, count).ToArray();
            _received.RemoveRange(0, count);
            return taken;
        }

        private async Task<bool> ReceiveAsync()
        {
            int count = await stream.ReadAsync(_buffer, closing).ConfigureAwait(false);
            _received.AddRange(_buffer.AsSpan(0, count).ToArray());
            return count > 0;
        }

        private int EndOfHead()
        {
            for (int i = 0; i + 3 < _received.Count; i++)
            {
                if (_received[i] == '\r' && _received[i + 1] == '\n' && _received[i + 2] == '\r' && _received[i + 3] == '\n')
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
