using System.Xml.Linq;

namespace EventSourcedStreams.Architecture.Tests;

/// <summary>Which projects may refer to which, and where packages that only one capability needs may stand.</summary>
public sealed class ProjectTests
{
    /// <summary>No project of Infrastructure refers to another, but for the client that stands in for EventStoreDB's,
    /// and the served log, which serves the embedded one.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Domain"] = [],
        ["Testing"] = ["Domain", "AspNetCore"],
        ["Analyzers"] = [],
        ["Client"] = [],
        ["Sqlite"] = ["Domain"],
        ["OpenAI"] = ["Domain"],
        ["Extensions.AI"] = ["Domain"],
        ["EventStoreDb"] = ["Domain", "EventStoreClient"],
        ["EventStoreClient"] = [],
        ["EventStoreServer"] = ["Domain", "Sqlite"],
        ["AspNetCore"] = ["Domain", "Sqlite", "Analyzers"],
        ["Web"] = ["Domain", "Sqlite", "EventStoreDb", "EventStoreServer", "OpenAI", "AspNetCore"],
        ["Audit"] = ["Client", "Domain", "Sqlite", "EventStoreDb"],
    };

    private static readonly Dictionary<string, string> OnlyIn = new()
    {
        ["OpenAI"] = "OpenAI",
        ["Microsoft.Extensions.AI"] = "Extensions.AI",
        ["Microsoft.Extensions.Http.Resilience"] = "Client",
        ["System.Net.ServerSentEvents"] = "Client",
        ["EventStore.Client.Grpc.Streams"] = "EventStoreDb",
        ["OpenTelemetry.Exporter.OpenTelemetryProtocol"] = "Web",
        ["OpenTelemetry.Exporter.Prometheus.AspNetCore"] = "Web",
        ["OpenTelemetry.Extensions.Hosting"] = "Web",
        ["OpenTelemetry.Instrumentation.AspNetCore"] = "Web",
        ["Spectre.Console"] = "Audit",
        ["System.CommandLine"] = "Audit",
    };

    [Fact]
    public void Projects_refer_only_to_those_that_they_may_refer_to() =>
        string.Join('\n', WrongReferences(Projects())).Should().BeEmpty();

    [Fact]
    public void A_package_of_one_capability_stands_in_its_project_alone() =>
        string.Join('\n', WrongPackages(Projects())).Should().BeEmpty();

    [Fact]
    public void A_reference_that_may_not_be_is_found_and_named()
    {
        Dictionary<string, XElement> projects = new()
        {
            ["Domain"] = XElement.Parse("""<Project><ItemGroup><ProjectReference Include="../Infrastructure/Sqlite/Sqlite.csproj" /></ItemGroup></Project>"""),
            ["Web"] = XElement.Parse("""<Project><ItemGroup><PackageReference Include="OpenAI" /></ItemGroup></Project>"""),
        };

        WrongReferences(projects).Should().Equal("Domain -> Sqlite");
        WrongPackages(projects).Should().Equal("Web -> package OpenAI");
    }

    private static Dictionary<string, XElement> Projects() => Directory
        .EnumerateFiles(Path.Combine(SourceArrows.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => XElement.Load(file));

    private static IEnumerable<string> WrongReferences(Dictionary<string, XElement> projects) =>
        from project in projects
        from reference in Included(project.Value, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path))
        where !Allowed.GetValueOrDefault(project.Key, []).Contains(reference)
        select $"{project.Key} -> {reference}";

    private static IEnumerable<string> WrongPackages(Dictionary<string, XElement> projects) =>
        from project in projects
        from package in Included(project.Value, "PackageReference")
        where OnlyIn.TryGetValue(package, out var owner) && owner != project.Key
        select $"{project.Key} -> package {package}";

    private static IEnumerable<string> Included(XElement project, string kind) =>
        project.Descendants(kind).Select(reference => ((string?)reference.Attribute("Include") ?? "").Replace('\\', '/'));
}
