namespace AsyncJobs.Hosting;

/// <summary>
/// Where the script that runs now stands, as task groups see it. A callback or a coroutine's step has one of its own,
/// whatever turns the loop.
/// </summary>
/// <param name="Owner">Whom a group that begins here can cancel; null where none has begun and the script is plain.</param>
/// <param name="Group">Whose block this is: what is started here belongs to it.</param>
internal readonly record struct GroupContext(IParentTask? Owner, AsyncTaskGroup? Group);
