namespace AsyncJobs.Diagnostics;

/// <summary>
/// Draws who waits for whom. Roots are the scripts that wait and the tasks that nobody waits for; where tasks wait for
/// each other in a circle, the oldest. Below each stands what it waits for, and below a primitive those who hold it or could
/// end the wait (<see cref="WaitAnswer"/>).
/// </summary>
internal sealed class TaskTree
{
    private const int MarkWidth = 4;

    // Of those who hold one semaphore.
    private const int MostAnswers = 10;

    private readonly List<TaskTreeNode> _nodes = [];
    private readonly HashSet<object> _shown = new(ReferenceEqualityComparer.Instance);
    private readonly List<object> _path = [];
    private readonly Lazy<IReadOnlyDictionary<int, AsyncTask>> _known = KnownTasks.ByNumber();

    /// <summary>Draws one session.</summary>
    /// <param name="session">The session; of any runspace.</param>
    /// <param name="title">A line above the tree, or null.</param>
    public static IReadOnlyList<TaskTreeNode> Draw(RunspaceLoop session, string? title = null)
    {
        var tree = new TaskTree();
        if (title is not null)
        {
            tree._nodes.Add(new TaskTreeNode(title, 0, item: null, position: null));
        }

        if (!session.IsWorker)
        {
            tree.AddScripts(session);
        }

        tree.AddTasks(session.Tasks.GetPending());
        return tree._nodes;
    }

    /// <summary>The tree as lines that end a message.</summary>
    public static string TextOf(RunspaceLoop session) =>
        string.Concat(Draw(session).Select(static node => Environment.NewLine + node.Line));

    private void AddScripts(RunspaceLoop session)
    {
        var waits = new Stack<TurnInfo>();
        for (TurnInfo? wait = session.Wait; wait is not null; wait = wait.Outer)
        {
            // That of a task stands with the task.
            if (wait.Task is null)
            {
                waits.Push(wait);
            }
        }

        foreach (TurnInfo wait in waits)
        {
            Add($"script{Waiting(wait)}", item: null, wait.Place?.Position, wait.Things, "", "");
        }
    }

    private void AddTasks(IReadOnlyList<AsyncTask> tasks)
    {
        var awaited = new HashSet<object>(tasks.SelectMany(task => task.WaitingFor), ReferenceEqualityComparer.Instance);
        foreach (AsyncTask task in tasks.Where(task => !awaited.Contains(task) && !_shown.Contains(task)))
        {
            AddThing(task, "", "");
        }

        // What is left is a circle, or hangs on one.
        foreach (AsyncTask task in tasks.Where(task => !_shown.Contains(task)))
        {
            if (!_shown.Contains(task))
            {
                AddThing(task, "", "");
            }
        }
    }

    private void AddThing(object thing, string mark, string indent)
    {
        string text = Describe(thing);
        if (_path.Contains(thing, ReferenceEqualityComparer.Instance))
        {
            Add($"{text} - a circle: see above", thing, position: null, [], mark, indent);
        }
        else if (thing is not string && !_shown.Add(thing))
        {
            Add($"{text} - see above", thing, position: null, [], mark, indent);
        }
        else
        {
            AddFirst(thing, text, mark, indent);
        }
    }

    private void AddFirst(object thing, string text, string mark, string indent)
    {
        _path.Add(thing);
        switch (thing)
        {
            case AsyncTask task:
                string? position = task.Wait?.Place?.Position;
                Add($"{text}{Waiting(task.Wait)}", task, position ?? task.Origin, task.WaitingFor, mark, indent);
                break;
            case IScriptPlace place:
                Add(text, thing, place.Position, [], mark, indent);
                break;
            default:
                WaitAnswer answer = WaitAnswer.Of(thing, _known);
                Add(text + answer.Text, thing, position: null, Shortened(answer.By), mark, indent);
                break;
        }

        _path.RemoveAt(_path.Count - 1);
    }

    private void Add(string text, object? item, string? position, IReadOnlyList<object> children, string mark, string indent)
    {
        _nodes.Add(new TaskTreeNode(mark + text, mark.Length / MarkWidth, item, position));
        for (int i = 0; i < children.Count; i++)
        {
            bool isLast = i == children.Count - 1;
            AddThing(children[i], indent + (isLast ? "└── " : "├── "), indent + (isLast ? "    " : "│   "));
        }
    }

    private static IReadOnlyList<object> Shortened(IReadOnlyList<object> things) => things.Count <= MostAnswers
        ? things
        : [.. things.Take(MostAnswers), $"... and {things.Count - MostAnswers} more"];

    private static string Waiting(WaitInfo? wait) => wait switch
    {
        null => "",
        { Place: null } => " waits",
        TurnInfo { IsOver: true, Place: var place } =>
            $" goes on at {place?.Position} in {place?.Command} when what waits on top of it has ended",
        { Place: var place } => $" waits at {place.Position} in {place.Command}",
    };

    private static string Describe(object thing) => thing switch
    {
        AsyncTask { IsCompleted: false, Wait: null } task => $"{task} ({task.Kind}, {task.State}) of {task.Origin}",
        AsyncTask task => $"{task} ({task.Kind}, {task.State})",
        Future future => $"{future} ({future.State})",
        IScriptPlace place => WaitAnswer.ScriptAt(place),
        _ => thing.ToString() ?? thing.GetType().Name,
    };
}
