namespace AsyncJobs;

/// <summary>Start-AsyncDbQuery: a task for a query; with input, one for each object, which gives the parameters.</summary>
[Cmdlet(VerbsLifecycle.Start, "AsyncDbQuery")]
[OutputType(typeof(AsyncTask))]
public sealed class StartAsyncDbQueryCommand : StartCommand
{
    private DbQuery? _query;
    private DbParameterException? _mistake;

    /// <summary>The database.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncDbSource>))]
    public AsyncDbSource Source { get; set; } = null!;

    /// <summary>The text of the query. Values do not belong into it: its parameters stand for them.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("Query")]
    [ValidateNotNullOrEmpty]
    public string Sql { get; set; } = null!;

    /// <summary>The values of the text's parameters: by name in a table or an object, or by position in an array.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(DbParametersCompleter))]
    public object? Parameters { get; set; }

    /// <summary>
    /// An object for each query: its properties, or what is in it if it is a table or an array, are the values of the parameters; a
    /// plain value is that of the only one.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>What the query gives: an object for each row unless said otherwise.</summary>
    [Parameter]
    public DbResultKind As { get; set; }

    /// <summary>Gives the rows as a stream, to be read by Receive-AsyncTask while they still come in.</summary>
    [Parameter]
    public SwitchParameter Stream { get; set; }

    /// <summary>The transaction that the query belongs to: the $_ of the block of Invoke-AsyncDbTransaction.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(VariableCompleter<AsyncDbTransaction>))]
    public AsyncDbTransaction? Transaction { get; set; }

    /// <summary>Seconds for each query as a whole, from getting a connection to its last row; with -Stream for its beginning and each read.</summary>
    [Parameter]
    [ValidateRange(SecondsRange.Shortest, SecondsRange.Longest)]
    public double TimeoutSec { get; set; }

    /// <summary>Reads the parameters that all queries share.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Stream && As != DbResultKind.PSObject)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                "-Stream gives an object for each row; it goes with no other -As.", ErrorIds.InvalidArgument, As));
        }

        if (Transaction is not null && Transaction.Source != Source)
        {
            ThrowTerminatingError(ErrorRecords.InvalidArgument(
                $"-Transaction is one of another source: a {Transaction}, not of {Source}.", ErrorIds.InvalidArgument, Transaction));
        }

        _query = new DbQuery
        {
            Sql = Sql,
            Placeholders = new DbPlaceholders(Sql),
            As = As,
            IsStreamed = Stream,
            Timeout = TimeoutSec == 0 ? null : TimeSpan.FromSeconds(TimeoutSec),
            MakeRows = DbRows.Of,
        };
        Read(() => DbInput.OfParameters(_query.Placeholders, Parameters));
    }

    /// <summary>Starts one query.</summary>
    protected override void ProcessRecord()
    {
        DbQuery query = _query!;
        bool hasInput = MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(InputObject));
        DbParameterException? mistake = _mistake;
        if (hasInput && mistake is null)
        {
            try
            {
                query = query with { Parameters = DbInput.OfInput(query.Placeholders, InputObject, [.. query.Parameters]) };
            }
            catch (DbParameterException exception)
            {
                mistake = exception;
            }
        }

        WriteStarted(StartIO(
            mistake is null
                ? (task, stop) => DbRun.RunAsync(Source, Transaction, query, stop, task)
                : (task, _) =>
                {
                    Transaction?.NoteFailure(task, mistake);
                    return Task.FromException<object?>(mistake);
                },
            hasInput ? InputObject : Sql));
    }

    // What is wrong with the parameters fails the tasks, as what is wrong with the query does.
    private void Read(Func<List<DbValue>> read)
    {
        try
        {
            _query = _query! with { Parameters = read() };
        }
        catch (DbParameterException exception)
        {
            _mistake = exception;
        }
    }
}
