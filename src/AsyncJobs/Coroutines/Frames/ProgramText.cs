using System.Text;

namespace AsyncJobs.Coroutines.Frames;

/// <summary>The text of a program: a line for each node, its parts indented under it.</summary>
internal sealed class ProgramText : NodeVisitor
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private string _role = string.Empty;

    private ProgramText()
    {
    }

    /// <summary>The text of a node and all its parts.</summary>
    public static string Of(CoroutineNode node)
    {
        var text = new ProgramText();
        node.Accept(text);
        return text._text.ToString();
    }

    /// <inheritdoc/>
    public override void Node(string text) => _text.Append(' ', 2 * _depth).Append(_role).Append(text).Append('\n');

    /// <inheritdoc/>
    public override void Part(string role, ref CoroutineNode? part)
    {
        _depth++;
        _role = role.Length == 0 ? role : role + ": ";
        part?.Accept(this);
        _depth--;
    }
}
