using System.Diagnostics;
using System.Globalization;

// What a C# programmer would write: one HttpClient, Parallel.ForEachAsync, results by index.
string address = args[0];
int count = int.Parse(args[1], CultureInfo.InvariantCulture);
var options = new ParallelOptions { MaxDegreeOfParallelism = int.Parse(args[2], CultureInfo.InvariantCulture) };
using var client = new HttpClient();

await FetchAsync(count / 10);
GC.Collect();
var clock = Stopwatch.StartNew();
string[] results = await FetchAsync(count);
double seconds = clock.Elapsed.TotalSeconds;

for (int i = 0; i < count; i++)
{
    if (results[i].Length != 1024 || !results[i].StartsWith($"{i % 1000} ", StringComparison.Ordinal))
    {
        throw new InvalidOperationException($"result {i} is not that of its URL");
    }
}

Console.WriteLine((count / seconds).ToString("0.0", CultureInfo.InvariantCulture));

async Task<string[]> FetchAsync(int number)
{
    string[] texts = new string[number];
    await Parallel.ForEachAsync(Enumerable.Range(0, number), options, async (i, stop) =>
        texts[i] = await client.GetStringAsync(new Uri($"{address}/{i % 1000}.txt"), stop));
    return texts;
}
