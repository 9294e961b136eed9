using System.Diagnostics;

namespace AsyncJobs.Coroutines.Compiler;

/// <summary>
/// The pass that puts in the place of a native statement, a store or an await what the engine does by itself, where it may
/// come to the same. What it takes for that has no suspension in it any more.
/// </summary>
/// <param name="unit">The block's.</param>
/// <param name="names">What the block's command names mean.</param>
internal sealed class Optimizer(CompilationUnit unit, CommandNames names) : NodeVisitor
{
    /// <inheritdoc/>
    public override void Part(string role, ref CoroutineNode? part)
    {
        part?.Accept(this);
        part = part switch
        {
            NativeNode native => Faster(native),
            BoundCallNode call => DirectCallNode.For(call) ?? part,
            WriteNode { Statement: { } statement } write => InlineNode.For(write, statement, isPart: true) ?? part,
            AwaitNode { Command: { } command } wait => Faster(wait, command),
            BodyNode { Command: { } command } body => Faster(body, command),

            // An assignment writes nothing.
            CaptureNode { Dropped: InlineAssignNode assignment } => assignment,
            _ => part,
        };
    }

    private CoroutineNode Faster(NativeNode native)
    {
        Debug.Assert(
            !native.Segment.Statements.Any(static statement => OwnStatements.Any(statement, static node => node is CommandAst { Extent: SuspendRequestMarker })),
            "What runs natively leaves no request to the coroutine: what waits in it turns the loop.");
        if (native.Statement is { } statement)
        {
            if (CmdletIntrinsic.Of(unit, statement) is { } call)
            {
                return new IntrinsicStatementNode(call, native);
            }

            if (IntrinsicStrictModeNode.For(unit, native, statement) is { } strict)
            {
                return strict;
            }

            if (IntrinsicStartNode.For(unit, names, native, statement) is { } start)
            {
                return start;
            }

            if ((InlineAssignNode.For(unit, native, statement) ?? (FastPathNode?)InlineNode.For(native, statement, isPart: false)) is { } inline)
            {
                return inline;
            }
        }

        return native is { Variable: { } variable, Segment.Statements: [AssignmentStatementAst { Right: var right }] } && InlineExpression.Of(SyntaxFacts.AsExpression(right)) is { } value
            ? new InlineStoreNode(native, variable, value)
            : native;
    }

    private CoroutineNode Faster(AwaitNode wait, CommandAst command) =>
        IntrinsicAwaitNode.Suits(command, names) ? Direct(wait, command)
            : CmdletIntrinsic.Of(command, names) is { } call ? new IntrinsicCallNode(call, wait)
            : wait;

    private BodyNode Faster(BodyNode body, CommandAst command)
    {
        body.Intrinsic = CmdletIntrinsic.Of(command, names, SuspensionPoints.BodyOf(command, names));
        return body;
    }

    private IntrinsicAwaitNode Direct(AwaitNode wait, CommandAst original)
    {
        var command = (CommandAst)((PipelineAst)wait.Request.Statements[0]).PipelineElements[0];
        CommandElementAst argument = command.CommandElements[1];
        if (IntrinsicAwaitNode.NameOf(argument) is { } known)
        {
            return new IntrinsicAwaitNode(null, known, wait);
        }

        string variable = unit.NewTemporary();
        var value = new CommandExpressionAst(argument.Extent, (ExpressionAst)argument.Copy(), null);
        var evaluation = new NativeNode(wait.Request.With([AstBuilder.Assign(wait.Request.Extent, variable, value)]), variable);
        var usual = new CommandAst(
            command.Extent, [(CommandElementAst)command.CommandElements[0].Copy(), AstBuilder.Variable(argument.Extent, variable)], command.InvocationOperator, null);
        return new IntrinsicAwaitNode(Faster(evaluation), variable, wait.For(usual), IntrinsicStart.Of(unit, names, original.CommandElements[1], wait.Request));
    }
}
