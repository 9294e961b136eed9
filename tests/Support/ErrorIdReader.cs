using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

/// <summary>Reads from the source every error id that the module can write.</summary>
/// <remarks>
/// An id comes into being where an ErrorRecord, or an exception of PowerShell's that takes an id, is made, and in the
/// property of an IHasErrorId. From there the reader goes back to where each value comes from: through locals, parameters,
/// properties, tuples and what methods return. What it cannot follow it tells instead of passing over it.
/// </remarks>
public sealed class ErrorIdReader
{
    private readonly Compilation _compilation;
    private readonly Dictionary<SyntaxTree, SemanticModel> _models = new();
    private readonly HashSet<(SyntaxNode Node, int Element)> _seen = new();
    private readonly List<SyntaxNode> _nodes;

    public ErrorIdReader(string source, IEnumerable<string> references)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp12);
        string[] files = new[] { "AsyncJobs.Core", "AsyncJobs" }
            .SelectMany(project => Directory.GetFiles(Path.Combine(source, project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !Regex.IsMatch(file, @"[\\/](obj|bin)[\\/]"))
            .ToArray();
        string usings = string.Concat(
            new[] { "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks" }
                .Concat(Directory.GetFiles(source, "*.csproj", SearchOption.AllDirectories)
                    .SelectMany(project => Regex.Matches(File.ReadAllText(project), "<Using Include=\"([^\"]+)\"").Select(match => match.Groups[1].Value)))
                .Distinct()
                .Select(name => $"global using {name};\n"));
        _compilation = CSharpCompilation.Create(
            "AsyncJobs",
            files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, Path.GetRelativePath(source, file)))
                .Append(CSharpSyntaxTree.ParseText(usings, options)),
            references.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        _nodes = _compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes()).ToList();
        Read();
    }

    /// <summary>The ids, each with the places in the source that name it.</summary>
    public SortedDictionary<string, SortedSet<string>> Ids { get; } = new(StringComparer.Ordinal);

    /// <summary>Where an id comes from something that the reader cannot follow.</summary>
    public SortedSet<string> Unknown { get; } = new(StringComparer.Ordinal);

    private SemanticModel Model(SyntaxNode node)
    {
        if (!_models.TryGetValue(node.SyntaxTree, out SemanticModel model))
        {
            _models.Add(node.SyntaxTree, model = _compilation.GetSemanticModel(node.SyntaxTree));
        }

        return model;
    }

    private void Read()
    {
        foreach (BaseObjectCreationExpressionSyntax made in _nodes.OfType<BaseObjectCreationExpressionSyntax>())
        {
            if (made.ArgumentList is { Arguments.Count: > 2 }
                && Model(made).GetSymbolInfo(made).Symbol is IMethodSymbol { DeclaringSyntaxReferences.Length: 0 } constructor
                && constructor.Parameters.FirstOrDefault(parameter => parameter.Name == "errorId") is { } errorId)
            {
                FollowArgument(made.ArgumentList, errorId);
            }
        }

        foreach (PropertyDeclarationSyntax property in _nodes.OfType<PropertyDeclarationSyntax>().Where(property => property.Identifier.Text == "ErrorId"))
        {
            FollowProperty(Model(property).GetDeclaredSymbol(property));
        }
    }

    private void FollowArgument(BaseArgumentListSyntax arguments, IParameterSymbol parameter)
    {
        ArgumentSyntax argument = arguments?.Arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.Text == parameter.Name)
            ?? arguments?.Arguments.ElementAtOrDefault(parameter.Ordinal);
        if (argument is not null)
        {
            Follow(argument.Expression);
        }
        else if (parameter.HasExplicitDefaultValue && parameter.ExplicitDefaultValue is string value)
        {
            Add(value, parameter.DeclaringSyntaxReferences[0].GetSyntax());
        }
    }

    /// <param name="element">Which of a tuple's values is meant; -1 if it is none.</param>
    private void Follow(ExpressionSyntax expression, int element = -1)
    {
        if (!_seen.Add((expression, element)))
        {
            return;
        }

        SemanticModel model = Model(expression);
        if (model.GetConstantValue(expression) is { HasValue: true, Value: var constant })
        {
            if (constant is string id)
            {
                Add(id, expression);
            }

            return;
        }

        switch (expression)
        {
            case ParenthesizedExpressionSyntax inner:
                Follow(inner.Expression, element);
                break;
            case CastExpressionSyntax cast:
                Follow(cast.Expression, element);
                break;
            case ConditionalExpressionSyntax either:
                Follow(either.WhenTrue, element);
                Follow(either.WhenFalse, element);
                break;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } either:
                Follow(either.Left, element);
                Follow(either.Right, element);
                break;
            case SwitchExpressionSyntax cases:
                foreach (SwitchExpressionArmSyntax arm in cases.Arms)
                {
                    Follow(arm.Expression, element);
                }

                break;
            case ThrowExpressionSyntax:
                break;
            case TupleExpressionSyntax tuple when element >= 0:
                Follow(tuple.Arguments[element].Expression);
                break;
            case CollectionExpressionSyntax list when element >= 0:
                foreach (CollectionElementSyntax one in list.Elements)
                {
                    Follow(one is ExpressionElementSyntax single ? single.Expression : ((SpreadElementSyntax)one).Expression, element);
                }

                break;

            // typeof(X).FullName
            case MemberAccessExpressionSyntax { Expression: TypeOfExpressionSyntax type, Name.Identifier.Text: "FullName" }:
                Add(model.GetTypeInfo(type.Type).Type.ToDisplayString(), expression);
                break;

            // The id of a record that is there already: that was followed where it was made.
            case MemberAccessExpressionSyntax { Name.Identifier.Text: "FullyQualifiedErrorId" }:
                break;
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Concat" } first } call when element >= 0:
                Follow(first.Expression, element);
                Follow(call.ArgumentList.Arguments[0].Expression, element);
                break;
            default:
                FollowSymbol(model.GetSymbolInfo(expression).Symbol, expression, element);
                break;
        }
    }

    private void FollowSymbol(ISymbol symbol, SyntaxNode place, int element)
    {
        switch (symbol)
        {
            case IParameterSymbol { ContainingSymbol: IMethodSymbol method } parameter when element < 0:
                FollowCalls(method, parameter);
                break;
            case ILocalSymbol local:
                FollowLocal(local, element);
                break;

            // All of those that implement it are read by themselves.
            case IPropertySymbol { Name: "ErrorId" } when element < 0:
                break;
            case IPropertySymbol property when element < 0 && property.DeclaringSyntaxReferences.Length > 0:
                FollowProperty(property);
                break;
            case IMethodSymbol called when called.DeclaringSyntaxReferences.Length > 0:
                foreach (MethodDeclarationSyntax method in Overrides(called))
                {
                    foreach (ExpressionSyntax returned in Returned(method.Body, method.ExpressionBody))
                    {
                        Follow(returned, element);
                    }
                }

                break;
            default:
                Tell(place);
                break;
        }
    }

    private void FollowCalls(IMethodSymbol method, IParameterSymbol parameter)
    {
        bool isCalled = false;
        foreach (SyntaxNode node in _nodes)
        {
            BaseArgumentListSyntax arguments = node switch
            {
                InvocationExpressionSyntax call => call.ArgumentList,
                BaseObjectCreationExpressionSyntax made => made.ArgumentList ?? SyntaxFactory.ArgumentList(),
                ConstructorInitializerSyntax chained => chained.ArgumentList,
                PrimaryConstructorBaseTypeSyntax chained => chained.ArgumentList,
                _ => null,
            };
            if (arguments is not null
                && MayCall(node, method)
                && Model(node).GetSymbolInfo(node).Symbol is IMethodSymbol called
                && SymbolEqualityComparer.Default.Equals((called.ReducedFrom ?? called).OriginalDefinition, method.OriginalDefinition))
            {
                isCalled = true;
                FollowArgument(arguments, parameter);
            }
        }

        // A constructor that nobody calls but users of the type, or a method that is only referred to.
        if (!isCalled)
        {
            Tell(parameter.DeclaringSyntaxReferences[0].GetSyntax());
        }
    }

    // By the name alone, which is quick.
    private static bool MayCall(SyntaxNode node, IMethodSymbol method) => node switch
    {
        InvocationExpressionSyntax call => method.MethodKind == MethodKind.Ordinary && NameOf(call.Expression) == method.Name,
        ObjectCreationExpressionSyntax made => method.MethodKind == MethodKind.Constructor && NameOf(made.Type) == method.ContainingType.Name,
        _ => method.MethodKind == MethodKind.Constructor,
    };

    private static string NameOf(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name.Identifier.Text,
        QualifiedNameSyntax name => name.Right.Identifier.Text,
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        MemberBindingExpressionSyntax member => member.Name.Identifier.Text,
        _ => null,
    };

    private void FollowProperty(IPropertySymbol property)
    {
        foreach (PropertyDeclarationSyntax declared in property.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).OfType<PropertyDeclarationSyntax>())
        {
            AccessorDeclarationSyntax getter = declared.AccessorList?.Accessors.FirstOrDefault(accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration));
            foreach (ExpressionSyntax returned in Returned(getter?.Body, getter?.ExpressionBody ?? declared.ExpressionBody))
            {
                Follow(returned);
            }

            if (declared.Initializer is { } initial)
            {
                Follow(initial.Value);
            }
        }

        foreach (AssignmentExpressionSyntax assigned in _nodes.OfType<AssignmentExpressionSyntax>())
        {
            if (NameOf(assigned.Left) == property.Name
                && SymbolEqualityComparer.Default.Equals(Model(assigned).GetSymbolInfo(assigned.Left).Symbol, property))
            {
                Follow(assigned.Right);
            }
        }
    }

    private void FollowLocal(ILocalSymbol local, int element)
    {
        SyntaxNode declared = local.DeclaringSyntaxReferences[0].GetSyntax();
        if (declared is VariableDeclaratorSyntax { Initializer: { } initial })
        {
            Follow(initial.Value, element);
        }

        // (string id, int other) = value, and foreach over such.
        if (declared is SingleVariableDesignationSyntax && element < 0)
        {
            DeclarationExpressionSyntax part = declared.FirstAncestorOrSelf<DeclarationExpressionSyntax>();
            if (part?.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax tuple } argument)
            {
                int at = tuple.Arguments.IndexOf(argument);
                switch (tuple.Parent)
                {
                    case AssignmentExpressionSyntax assigned when assigned.Left == tuple:
                        Follow(assigned.Right, at);
                        break;
                    case ForEachVariableStatementSyntax each when each.Variable == tuple:
                        Follow(each.Expression, at);
                        break;
                    default:
                        Tell(declared);
                        break;
                }
            }
            else
            {
                Tell(declared);
            }
        }

        foreach (AssignmentExpressionSyntax assigned in _nodes.OfType<AssignmentExpressionSyntax>().Where(node => node.SyntaxTree == declared.SyntaxTree))
        {
            if (NameOf(assigned.Left) == local.Name
                && SymbolEqualityComparer.Default.Equals(Model(assigned).GetSymbolInfo(assigned.Left).Symbol, local))
            {
                Follow(assigned.Right, element);
            }
            else if (assigned.Left is TupleExpressionSyntax tuple && element < 0)
            {
                for (int i = 0; i < tuple.Arguments.Count; i++)
                {
                    if (NameOf(tuple.Arguments[i].Expression) == local.Name
                        && SymbolEqualityComparer.Default.Equals(Model(assigned).GetSymbolInfo(tuple.Arguments[i].Expression).Symbol, local))
                    {
                        Follow(assigned.Right, i);
                    }
                }
            }
        }
    }

    private IEnumerable<MethodDeclarationSyntax> Overrides(IMethodSymbol called) =>
        _nodes.OfType<MethodDeclarationSyntax>().Where(method =>
        {
            if (method.Identifier.Text != called.Name)
            {
                return false;
            }

            for (IMethodSymbol one = Model(method).GetDeclaredSymbol(method); one is not null; one = one.OverriddenMethod)
            {
                if (SymbolEqualityComparer.Default.Equals(one.OriginalDefinition, called.OriginalDefinition))
                {
                    return true;
                }
            }

            return false;
        });

    private static IEnumerable<ExpressionSyntax> Returned(BlockSyntax body, ArrowExpressionClauseSyntax arrow) =>
        arrow is not null
            ? new[] { arrow.Expression }
            : body?.DescendantNodes(node => node is not (LambdaExpressionSyntax or LocalFunctionStatementSyntax)).OfType<ReturnStatementSyntax>()
                .Select(statement => statement.Expression).Where(expression => expression is not null) ?? Array.Empty<ExpressionSyntax>();

    private void Add(string id, SyntaxNode place)
    {
        if (!Ids.TryGetValue(id, out SortedSet<string> places))
        {
            Ids.Add(id, places = new SortedSet<string>(StringComparer.Ordinal));
        }

        places.Add(PlaceOf(place));
    }

    private void Tell(SyntaxNode place) => Unknown.Add($"{PlaceOf(place)}: {place.ToString().Split('\n')[0].Trim()}");

    private static string PlaceOf(SyntaxNode node) => node.SyntaxTree.FilePath.Replace('\\', '/');
}
