using System.Collections;

namespace AsyncJobs.Remoting;

/// <summary>A script block on its way to remote sessions: its text, its arguments, and the values of its <c>$using:</c>.</summary>
internal sealed class SessionScript
{
    // By which PowerShell hands a script its $using: values.
    private const string UsingParameter = "--%";

    private readonly string _text;
    private readonly object?[] _arguments;
    private readonly IDictionary? _usingValues;

    /// <param name="caller">The cmdlet that starts the tasks; the variables are those of its caller, as they are now.</param>
    /// <param name="block">What is run.</param>
    /// <param name="arguments">The script's positional arguments.</param>
    public SessionScript(PSCmdlet caller, ScriptBlock block, object?[]? arguments)
        : this(caller, block.ToString(), block.Ast, arguments)
    {
    }

    /// <param name="caller">The cmdlet that starts the tasks; the variables are those of its caller, as they are now.</param>
    /// <param name="file">The script that is run.</param>
    /// <param name="arguments">The script's positional arguments.</param>
    public SessionScript(PSCmdlet caller, string file, object?[]? arguments)
        : this(caller, Parser.ParseFile(file, out _, out _), arguments)
    {
    }

    private SessionScript(PSCmdlet caller, ScriptBlockAst script, object?[]? arguments)
        : this(caller, script.Extent.Text, script, arguments)
    {
    }

    private SessionScript(PSCmdlet caller, string text, Ast ast, object?[]? arguments)
    {
        _text = Tried(text, ast);
        _arguments = arguments ?? [];
        _usingValues = new UsingValues([BlockFacts.Of(ast)]).Read(caller);
    }

    /// <summary>Gives the script to a PowerShell instance.</summary>
    public void AddTo(PowerShell powershell)
    {
        powershell.AddScript(_text);
        foreach (object? argument in _arguments)
        {
            powershell.AddArgument(argument);
        }

        if (_usingValues is not null)
        {
            powershell.AddParameter(UsingParameter, _usingValues);
        }
    }

    /// <summary>The text as the block of a task: no error in it ends its statement alone.</summary>
    /// <remarks>
    /// A trap is as a try, and leaves errors as they are. The text is dot-sourced, since what it sets is to stay in the
    /// session, and made a block by a cmdlet, since a constrained session lets scripts call no methods.
    /// </remarks>
    private static string Tried(string text, Ast ast)
    {
        int head = ast is ScriptBlockAst { UsingStatements: [.., var last] } ? last.Extent.EndOffset - ast.Extent.StartOffset : 0;
        string block = $"{text[..head]}{(head > 0 ? "; " : "")}{{{text[head..]}\n}}";
        string escaped = CodeGeneration.EscapeSingleQuotedStringContent(block);
        return $"trap {{ break }} . (Microsoft.PowerShell.Utility\\Invoke-Expression '{escaped}') @args";
    }
}
