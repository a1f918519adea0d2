using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace EventStore.Client.Tests.Surface;

/// <summary>Members of the client's assembly as text: what it has, and what another assembly was compiled
/// against.</summary>
internal static class MemberNames
{
    private static readonly Assembly Client = typeof(EventStoreClient).Assembly;

    /// <summary>Every member and type of the client that an assembly refers to, by its metadata.</summary>
    public static IReadOnlyList<string> UsedBy(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var members = metadata.MemberReferences
            .Where(handle => metadata.GetMemberReference(handle).Parent.Kind == HandleKind.TypeReference)
            .Select(handle => assembly.ManifestModule.ResolveMember(MetadataTokens.GetToken(handle))!);
        var types = metadata.TypeReferences.Select(handle => assembly.ManifestModule.ResolveType(MetadataTokens.GetToken(handle)));
        return Sorted(members.Concat(types).Where(member => (member as Type ?? member.DeclaringType!).Assembly == Client));
    }

    /// <summary>What the client shows to others. Left out: what records have by being records, and values of
    /// enumerations.</summary>
    public static IReadOnlyList<string> OfClient() => Sorted(Client.GetExportedTypes().SelectMany(type => type
        .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(member => member is MethodBase or FieldInfo && !type.IsEnum && !IsOfEveryRecord(member) && !IsOfEveryObject(member))
        .Append(type)));

    private static bool IsOfEveryRecord(MemberInfo member) =>
        member.GetCustomAttribute<CompilerGeneratedAttribute>() is not null && !member.Name.StartsWith("get_", StringComparison.Ordinal)
            && !member.Name.StartsWith("set_", StringComparison.Ordinal)
        || member.Name is "Deconstruct" or "op_Equality" or "op_Inequality" or "<Clone>$" or "get_EqualityContract"
        || (member is ConstructorInfo or MethodInfo { IsSpecialName: true } && member.DeclaringType!.BaseType == typeof(StreamMessage));

    private static bool IsOfEveryObject(MemberInfo member) => member.Name is nameof(ToString) or nameof(Equals) or nameof(GetHashCode);

    private static string[] Sorted(IEnumerable<MemberInfo> members) => [.. members.Select(Text).Distinct().Order(StringComparer.Ordinal)];

    private static string Text(MemberInfo member) => member switch
    {
        Type type => Name(type),
        FieldInfo field => $"{Name(field.DeclaringType!)}.{field.Name}: {Name(field.FieldType)}",
        MethodInfo method => $"{Name(method.DeclaringType!)}.{method.Name}({Parameters(method)}): {Name(method.ReturnType)}",
        MethodBase constructor => $"{Name(constructor.DeclaringType!)}({Parameters(constructor)})",
        _ => throw new ArgumentException($"{member} is no member of a type."),
    };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter => Name(parameter.ParameterType)));

    private static string Name(Type type)
    {
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (type.IsByRef) return "ref " + Name(type.GetElementType()!);
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        var name = type.DeclaringType is { } outer ? $"{Name(outer)}.{type.Name}" : type.Name;
        return type.IsGenericType
            ? $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : name;
    }
}
