using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace AsyncJobs.Core.Tasks;

/// <summary>An activity for each task, from its first step to its end, where somebody listens: that of the task whose script started it is its parent.</summary>
internal static class TaskActivities
{
    private static readonly ConditionalWeakTable<AsyncTask, Activity> Activities = [];

    private static int s_openCount;

    /// <summary>Whether any task has one.</summary>
    public static bool AreOpen => Volatile.Read(ref s_openCount) > 0;

    /// <summary>The task's activity, or null.</summary>
    public static Activity? Of(AsyncTask task) => AreOpen && Activities.TryGetValue(task, out Activity? activity) ? activity : null;

    /// <summary>Starts the activity of a task whose work begins; it is the current one of the work, and of what that starts.</summary>
    /// <param name="task">The task.</param>
    /// <param name="name">What kinds of task are told apart by.</param>
    /// <param name="flows">Whether what goes on here and now is the work.</param>
    public static void Begin(AsyncTask task, string name, bool flows)
    {
        Activity? outer = Activity.Current;
        if (Telemetry.Source.StartActivity(name) is not { } activity)
        {
            return;
        }

        Interlocked.Increment(ref s_openCount);
        Activities.Add(task, activity);
        if (activity.IsAllDataRequested)
        {
            Describe(task, activity);
        }

        if (!flows)
        {
            Activity.Current = outer;
        }
    }

    public static void WaitBegins(AsyncTask task, WaitInfo wait)
    {
        if (Of(task) is { IsAllDataRequested: true } activity)
        {
            activity.AddEvent(new ActivityEvent("asyncjobs.wait", tags: new ActivityTagsCollection
            {
                { "asyncjobs.wait.kind", TaskInstruments.KindOf(wait) },
                { "code.location", wait.Place?.Position },
            }));
        }
    }

    public static void End(AsyncTask task)
    {
        if (Of(task) is not { } activity)
        {
            return;
        }

        Activities.Remove(task);
        Interlocked.Decrement(ref s_openCount);
        activity.SetTag("asyncjobs.task.outcome", TaskInstruments.OutcomeOf(task.State));
        if (task is { State: AsyncState.Failed, Fault.Exception: { } failure })
        {
            activity.SetTag("error.type", TaskInstruments.ErrorTypeOf(failure));
            activity.SetStatus(ActivityStatusCode.Error, failure.Message);
        }

        // Whatever ends it goes on with its own.
        Activity? current = Activity.Current;
        activity.Stop();
        if (current != activity)
        {
            Activity.Current = current;
        }
    }

    private static void Describe(AsyncTask task, Activity activity)
    {
        activity.SetTag("asyncjobs.task.id", task.Id);
        activity.SetTag("asyncjobs.task.name", task.Name);
        activity.SetTag("asyncjobs.task.kind", TaskInstruments.NameOf(task.Kind));
        activity.SetTag("asyncjobs.task.command", task.Command);
        if (task.Origin is not { } origin)
        {
            return;
        }

        int colon = origin.LastIndexOf(':');
        if (colon > 0 && int.TryParse(origin.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int line))
        {
            activity.SetTag("code.file.path", origin[..colon]);
            activity.SetTag("code.line.number", line);
        }
    }
}
