using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Text;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Fuzz.Running;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>
/// Files of counters that something else has written to: refused, or decided by without an exception and without a store outside. The input is a list of
/// changes to a good file, of five bytes each: place (four, half of them in the header and what follows it) and a value.
/// </summary>
internal sealed class CounterFileTarget : IFuzzTarget
{
    private const int ChangeBytes = 5;
    private const long Start = 1_767_225_600_000_000_007;

    private const string Policy = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: p
            spec:
              selector: {pathPrefix: /}
              loop_detection: {enabled: true, window_seconds: 60, threshold_identical_requests: 50, action: warn}
              rules:
                - {name: bucket, limit_keys: ["header:x-id"], algorithm: token_bucket, algorithm_config: {tokens_per_second: 5, burst: 100}}
                - {name: budget, limit_keys: ["header:x-id"], algorithm: cost_based, algorithm_config: {budget: 1000, period: 1d, staged_actions: [{threshold_percent: 100, action: reject}]}}
                - {name: window, limit_keys: ["header:x-id"], algorithm: sliding_window, algorithm_config: {limit: 100, window: 1m}}
                - {name: at-once, limit_keys: ["header:x-id"], algorithm: concurrency, algorithm_config: {limit: 10}}
                - {name: tokens, limit_keys: ["header:x-id"], algorithm: token_bucket_llm, algorithm_config: {tokens_per_minute: 60000, default_max_completion: 10}}
        """;

    private static readonly CounterTableOptions Options = new(64 * 1024, new UInt128(3, 5));
    private readonly PolicySnapshot _snapshot = PolicySnapshot.Empty.WithPolicy(Compile());
    private readonly FactSet _facts = new();
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte[] _good;

    public CounterFileTarget()
    {
        var bytes = CounterTable.BytesFor(Options);
        _view = MemoryMappedFile.CreateNew(null, bytes).CreateViewAccessor(0, bytes);
        _good = new byte[bytes];
        Decide(CounterTable.Format(Memory, bytes, Options, _view), 100);
        Marshal.Copy(Memory, _good, 0, _good.Length);
    }

    public string Name => "counter-file";

    public IReadOnlyList<byte[]> Seeds { get; } = [[], [0, 0, 0, 0, 1], [.. Enumerable.Range(0, 100).Select(i => (byte)(i * 37))]];

    public IReadOnlyList<string> Words { get; } = [];

    private nint Memory => _view.SafeMemoryMappedViewHandle.DangerousGetHandle();

    public int Run(ReadOnlySpan<byte> input)
    {
        var bytes = (byte[])_good.Clone();
        for (; input.Length >= ChangeBytes; input = input[ChangeBytes..])
        {
            var place = BinaryPrimitives.ReadUInt32LittleEndian(input);
            bytes[place / 2 % (uint)((place & 1) == 0 ? bytes.Length : 4096)] = input[4];
        }

        Marshal.Copy(bytes, 0, Memory, bytes.Length);

        // What is left of the input tells how much of the file is there.
        var length = bytes.Length - (input.IsEmpty ? 0 : input[0] * 256);
        var condition = CounterTable.Open(Memory, length, _view, out var table);
        FuzzFailure.Unless((table is not null) == (condition == TableCondition.Whole), "a table is opened if it is whole");
        return table is null ? (int)condition : 16 + Decide(table, 20);
    }

    private int Decide(CounterTable table, int requests)
    {
        var engine = new DecisionEngine(table);
        var admitted = 0;
        for (var i = 0; i < requests; i++)
        {
            _facts.Begin(_snapshot.Facts);
            for (var slot = 0; slot < _facts.Count; slot++)
            {
                _facts.Set(slot, [(byte)('a' + (i % 20))]);
            }

            var now = new EngineTime(Start + (i * 1_000_000L), (Start / 1_000_000) + i);
            var decision = engine.Decide(_snapshot, new RequestView("GET"u8, "a.example"u8, "/v1"u8, _facts), now, out var admission);
            admitted += decision.IsAdmitted ? 1 : 0;

            // Some are under way when the process ends.
            if (!admission.IsEmpty && i % 3 != 0)
            {
                engine.Settle(admission, new Usage(1, 2, 0, 0), now);
                engine.Finish(admission, Ending.Completed, now);
            }
        }

        return admitted;
    }

    private static CompiledPolicy Compile()
    {
        var build = BundleBuilder.Build(Encoding.UTF8.GetBytes(Policy), "fuzz", ValidationContext.Unknown);
        return build.Policy ?? throw new InvalidOperationException(string.Join('\n', build.Diagnostics));
    }
}
