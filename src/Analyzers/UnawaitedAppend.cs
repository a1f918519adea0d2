using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace EventSourcedStreams.Analyzers;

/// <summary>
/// Appending takes the text before the call returns, so a source may await it, to be paused while too much is unsaved,
/// or not. The compiler warns (CS4014) of every call in an async method that could be awaited; for these calls it is
/// told that both are meant.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnawaitedAppend : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor Meant = new(
        "ESS0001", "CS4014", "Text that is appended has been taken when the call returns; awaiting it is for pausing only.");

    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } = ImmutableArray.Create(Meant);

    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } file) continue;
            var call = file.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (context.GetSemanticModel(file).GetOperation(call, context.CancellationToken) is IInvocationOperation { TargetMethod: var method }
                && IsAppend(method))
                context.ReportSuppression(Suppression.Create(Meant, diagnostic));
        }
    }

    private static bool IsAppend(IMethodSymbol method) => method.ContainingType?.ToDisplayString() switch
    {
        "EventSourcedStreams.AppendText" => method.MethodKind == MethodKind.DelegateInvoke,
        "EventSourcedStreams.IAppender" => method.Name == "AppendAsync",
        _ => false,
    };
}
