using AsyncJobs.Architecture;

// Without arguments the matrices; with the names of two folders, the uses that lead from the first to the second.
using var solution = new Solution("AsyncJobs.Core", "AsyncJobs");
foreach (FolderGraph graph in solution.Graphs)
{
    if (args is [var from, var to])
    {
        foreach (TypeUse use in graph.Between(from, to))
        {
            Console.WriteLine(use);
        }
    }
    else
    {
        FolderMatrix.Write(graph, Console.Out);
        Console.WriteLine();
    }
}
