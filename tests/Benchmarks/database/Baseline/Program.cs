using System.Diagnostics;
using System.Globalization;
using Npgsql;

// What a C# programmer would write: one data source, Parallel.ForEachAsync, results by index.
var settings = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("ASYNCJOBS_DATABASE")) { MaxPoolSize = 20 };
string work = args[0];
int count = int.Parse(args[1], CultureInfo.InvariantCulture);
var options = new ParallelOptions { MaxDegreeOfParallelism = 20 };
await using NpgsqlDataSource source = NpgsqlDataSource.Create(settings);

await RunAsync(count / 10);
GC.Collect();
var clock = Stopwatch.StartNew();
List<(int Id, string Name)> results = await RunAsync(count);
double seconds = clock.Elapsed.TotalSeconds;

for (int i = 0; i < count; i++)
{
    if (results[i] != (i + 1, $"name {i + 1}"))
    {
        throw new InvalidOperationException($"result {i} is {results[i]}");
    }
}

Console.WriteLine((count / seconds).ToString("0.0", CultureInfo.InvariantCulture));

Task<List<(int Id, string Name)>> RunAsync(int number) => work == "queries" ? QueryAsync(number) : ReadAsync(number);

async Task<List<(int Id, string Name)>> QueryAsync(int number)
{
    var rows = new (int, string)[number];
    await Parallel.ForEachAsync(Enumerable.Range(0, number), options, async (i, stop) =>
    {
        await using NpgsqlCommand command = source.CreateCommand("select @id::int as id, 'name ' || @id::int as name");
        command.Parameters.AddWithValue("id", i + 1);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(stop);
        await reader.ReadAsync(stop);
        rows[i] = (reader.GetInt32(0), reader.GetString(1));
    });
    return [.. rows];
}

async Task<List<(int Id, string Name)>> ReadAsync(int number)
{
    var rows = new List<(int, string)>();
    await using NpgsqlCommand command = source.CreateCommand("select i as id, 'name ' || i as name from generate_series(1, @count) i");
    command.Parameters.AddWithValue("count", number);
    await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
    while (await reader.ReadAsync())
    {
        rows.Add((reader.GetInt32(0), reader.GetString(1)));
    }

    return rows;
}
