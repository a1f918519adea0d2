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

    private static readonly Dictionary<string, string[]> OnlyIn = new()
    {
        ["Microsoft.Extensions.AI"] = ["Extensions.AI"],
        ["Microsoft.Extensions.AI.Abstractions"] = ["OpenAI"],
        ["Microsoft.Extensions.Http.Resilience"] = ["Client"],
        ["System.Net.ServerSentEvents"] = ["Client"],
        ["Polly.Core"] = ["EventStoreDb", "Extensions.AI", "OpenAI"],
        ["Microsoft.Data.Sqlite.Core"] = ["Sqlite"],
        ["SQLitePCLRaw.bundle_e_sqlite3"] = ["Sqlite"],
        ["EventStore.Client.Grpc.Streams"] = ["EventStoreDb"],
        ["Google.Protobuf"] = ["EventStoreClient"],
        ["Grpc.Net.Client"] = ["EventStoreClient"],
        ["Grpc.Tools"] = ["EventStoreClient"],
        ["Grpc.AspNetCore"] = ["EventStoreServer"],
        ["Microsoft.AspNetCore.Authentication.JwtBearer"] = ["Web"],
        ["Microsoft.AspNetCore.OpenApi"] = ["Web"],
        ["Scalar.AspNetCore"] = ["Web"],
        ["OpenTelemetry.Exporter.OpenTelemetryProtocol"] = ["Web"],
        ["OpenTelemetry.Exporter.Prometheus.AspNetCore"] = ["Web"],
        ["OpenTelemetry.Extensions.Hosting"] = ["Web"],
        ["OpenTelemetry.Instrumentation.AspNetCore"] = ["Web"],
        ["Spectre.Console"] = ["Audit"],
        ["System.CommandLine"] = ["Audit"],
    };

    /// <summary>Of <c>src</c>. What refers to one of these has it by way of that.</summary>
    private static readonly string[] OnAspNetCore = ["AspNetCore", "EventStoreServer", "Web"];

    /// <summary>They start servers, or stand-ins of what is on the network, themselves.</summary>
    private static readonly string[] TestsOnAspNetCore =
    [
        "AnswerCrash", "Client.Tests", "CrashTest", "EmbeddedCrash", "Extensions.AI.Tests", "FaultyStore", "Migrated", "OpenAI.Tests",
    ];

    [Fact]
    public void Projects_refer_only_to_those_that_they_may_refer_to() =>
        string.Join('\n', WrongReferences(Projects())).Should().BeEmpty();

    [Fact]
    public void A_package_of_one_capability_stands_in_its_project_alone() =>
        string.Join('\n', WrongPackages(Projects())).Should().BeEmpty();

    [Fact]
    public void ASP_NET_Core_is_referred_to_only_where_something_is_served() =>
        string.Join('\n', WrongFrameworks(Projects(), OnAspNetCore).Concat(WrongFrameworks(Projects("tests"), TestsOnAspNetCore))).Should().BeEmpty();

    [Fact]
    public void Every_package_that_has_a_version_is_referred_to_by_a_project()
    {
        var referred =
            from folder in new[] { "src", "tests", "bench", "samples" }
            from pattern in new[] { "*.csproj", "Directory.Build.props" }
            from file in Directory.EnumerateFiles(Path.Combine(SourceArrows.Root, folder), pattern, SearchOption.AllDirectories)
            from package in Included(XElement.Load(file), "PackageReference")
            select package;
        var known = referred.ToHashSet();

        Included(XElement.Load(Path.Combine(SourceArrows.Root, "Directory.Packages.props")), "PackageVersion")
            .Where(package => !known.Contains(package)).Should().BeEmpty();
    }

    [Fact]
    public void A_reference_that_may_not_be_is_found_and_named()
    {
        Dictionary<string, XElement> projects = new()
        {
            ["Domain"] = XElement.Parse("""<Project><ItemGroup><ProjectReference Include="../Infrastructure/Sqlite/Sqlite.csproj" /></ItemGroup></Project>"""),
            ["Web"] = XElement.Parse("""<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="Spectre.Console" /></ItemGroup></Project>"""),
            ["Sqlite"] = XElement.Parse("""<Project><ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup></Project>"""),
            ["Client"] = XElement.Parse("""<Project Sdk="Microsoft.NET.Sdk.Web" />"""),
        };

        WrongReferences(projects).Should().Equal("Domain -> Sqlite");
        WrongPackages(projects).Should().Equal("Web -> package Spectre.Console");
        WrongFrameworks(projects, OnAspNetCore).Should().Equal("Sqlite -> Microsoft.AspNetCore.App", "Client -> Microsoft.NET.Sdk.Web");
    }

    private static Dictionary<string, XElement> Projects(string folder = "src") => Directory
        .EnumerateFiles(Path.Combine(SourceArrows.Root, folder), "*.csproj", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => XElement.Load(file));

    private static IEnumerable<string> WrongReferences(Dictionary<string, XElement> projects) =>
        from project in projects
        from reference in Included(project.Value, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path))
        where !Allowed.GetValueOrDefault(project.Key, []).Contains(reference)
        select $"{project.Key} -> {reference}";

    private static IEnumerable<string> WrongPackages(Dictionary<string, XElement> projects) =>
        from project in projects
        from package in Included(project.Value, "PackageReference")
        where OnlyIn.TryGetValue(package, out var owners) && !owners.Contains(project.Key)
        select $"{project.Key} -> package {package}";

    private static IEnumerable<string> WrongFrameworks(Dictionary<string, XElement> projects, string[] allowed) =>
        from project in projects
        where !allowed.Contains(project.Key)
        from framework in Included(project.Value, "FrameworkReference").Append((string?)project.Value.Attribute("Sdk") ?? "")
        where framework is "Microsoft.AspNetCore.App" or "Microsoft.NET.Sdk.Web"
        select $"{project.Key} -> {framework}";

    private static IEnumerable<string> Included(XElement project, string kind) =>
        project.Descendants(kind).Select(reference => ((string?)reference.Attribute("Include") ?? "").Replace('\\', '/'));
}
