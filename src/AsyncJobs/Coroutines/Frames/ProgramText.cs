using System.Text;

namespace AsyncJobs.Coroutines.Frames;

/// <summary>The text of a program: a line for each node, its parts indented under it.</summary>
internal sealed class ProgramText : NodeVisitor
{
    private readonly StringBuilder _text = new();
    private int _depth;

    private ProgramText()
    {
    }

    /// <summary>The text of a node and all its parts.</summary>
    public static string Of(CoroutineNode node)
    {
        var text = new ProgramText();
        text.Visit(node);
        return text._text.ToString();
    }

    /// <inheritdoc/>
    public override void Part(string role, ref CoroutineNode? part)
    {
        if (part is null)
        {
            return;
        }

        _text.Append(' ', 2 * _depth++).Append(role).Append(role.Length == 0 ? "" : ": ").Append(part.Text).Append('\n');
        part.Accept(this);
        _depth--;
    }
}
