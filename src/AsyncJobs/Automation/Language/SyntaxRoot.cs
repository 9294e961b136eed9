namespace AsyncJobs.Automation.Language;

/// <summary>The script that a piece of syntax stands in.</summary>
internal static class SyntaxRoot
{
    /// <summary>The whole script of a piece; the piece itself where it stands by itself.</summary>
    public static Ast Root(this Ast node)
    {
        while (node.Parent is not null)
        {
            node = node.Parent;
        }

        return node;
    }
}
