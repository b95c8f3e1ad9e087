using System.Reflection;
using System.Runtime.InteropServices;

namespace EdgeGuard.Edge.Tests.Support;

/// <summary>
/// Counts what can be reached from some objects and from the static fields of the product, by reflection: objects, and elements of their arrays. Unlike the size of the
/// heap or of the process it does not see what other tests do.
/// </summary>
internal sealed class ObjectGraph
{
    private static readonly Dictionary<Type, FieldInfo[]> Fields = [];

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<object> _open = new();
    private readonly Dictionary<Type, int> _byType = [];

    private ObjectGraph()
    {
    }

    public int Objects => _seen.Count;

    public long Elements { get; private set; }

    /// <summary>Walks everything.</summary>
    public static ObjectGraph Walk(params object[] roots)
    {
        var graph = new ObjectGraph();
        foreach (var root in roots.Concat(Statics()))
        {
            graph.Reach(root);
        }

        while (graph._open.TryPop(out var next))
        {
            graph.Look(next);
        }

        return graph;
    }

    /// <summary>The types of which there are most more than before, for the message of a failure.</summary>
    public string GrownSince(ObjectGraph before) => string.Join(", ", _byType
        .Select(entry => (entry.Key, More: entry.Value - before._byType.GetValueOrDefault(entry.Key)))
        .Where(entry => entry.More > 0)
        .OrderByDescending(entry => entry.More)
        .Take(10)
        .Select(entry => $"{entry.Key} +{entry.More}"));

    private static IEnumerable<object> Statics() => AppDomain.CurrentDomain.GetAssemblies()
        .Where(assembly => assembly.GetName().Name is "edgeguard-edge" or "EdgeGuard.Engine" or "EdgeGuard.Identity" or "EdgeGuard.Bundles" or "EdgeGuard.Options")
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => !type.ContainsGenericParameters)
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(field => !field.IsLiteral && !field.FieldType.IsPointer && !field.FieldType.IsByRefLike && !field.IsDefined(typeof(ThreadStaticAttribute), inherit: false))
        .Select(field => field.GetValue(null))
        .OfType<object>();

    private static FieldInfo[] FieldsOf(Type type)
    {
        lock (Fields)
        {
            if (!Fields.TryGetValue(type, out var fields))
            {
                var all = new List<FieldInfo>();
                for (var at = type; at is not null; at = at.BaseType)
                {
                    all.AddRange(at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                        .Where(field => !field.FieldType.IsPrimitive && !field.FieldType.IsPointer && !field.FieldType.IsFunctionPointer && !field.FieldType.IsByRefLike));
                }

                Fields[type] = fields = [.. all];
            }

            return fields;
        }
    }

    private void Reach(object? value)
    {
        // Types and threads lead to the whole process; a handle to nothing managed.
        if (value is null or MemberInfo or Assembly or Module or Thread or SafeHandle or WeakReference || value.GetType() is { IsPrimitive: true } or { IsEnum: true })
        {
            return;
        }

        // A struct is part of what holds it: only what it leads to is counted.
        if (value.GetType().IsValueType)
        {
            LookInto(value);
        }
        else if (_seen.Add(value))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_byType, value.GetType(), out _)++;
            _open.Push(value);
        }
    }

    private void Look(object value)
    {
        if (value is string)
        {
            return;
        }

        if (value is not Array array)
        {
            LookInto(value);
            return;
        }

        Elements += array.LongLength;
        var element = array.GetType().GetElementType()!;
        if (!element.IsPrimitive && !element.IsEnum && !element.IsPointer)
        {
            foreach (var item in array)
            {
                Reach(item);
            }
        }
    }

    private void LookInto(object value)
    {
        foreach (var field in FieldsOf(value.GetType()))
        {
            Reach(field.GetValue(value));
        }
    }
}
