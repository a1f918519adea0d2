using System.Runtime.CompilerServices;
using EventSourcedStreams.Testing;
using Microsoft.Extensions.AI;

namespace EventSourcedStreams.Extensions.AI.Tests.Durable;

/// <summary>Answers of every kind, cut off anywhere and gone on with by token: the same as without a cut.</summary>
public sealed class CutTests
{
    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("USETEXT_SEED") ?? "20261128");
    private static readonly int Cuts = int.Parse(Environment.GetEnvironmentVariable("USETEXT_CUTS") ?? "50");

    [Fact]
    public async Task Answers_that_are_cut_off_anywhere_tell_what_one_without_a_cut_tells()
    {
        var log = new InMemoryStore(TimeProvider.System);
        await using var app = await ChatApp.StartAsync(log);
        await using var other = await ChatApp.StartAsync(log);
        for (var (cut, run) = (0, 0); cut < Cuts; run++)
        {
            var random = new Random(Seed + run);
            var script = new RandomAnswer(random.Next());
            var uncut = await script.Client(app).GetStreamingResponseAsync("Hello", RandomAnswer.Options).AllAsync();
            var because = $"run {run} of seed {Seed}";

            // Some leave an answer that is made slowly, some one that is there.
            var told = await script.Client(app, isSlow: run % 2 == 0).GetStreamingResponseAsync("Hello", RandomAnswer.Options).TakeAsync(random.Next(1, uncut.Count));
            while (told[^1].ContinuationToken is not null)
            {
                cut++;
                var client = script.Client(random.Next(2) == 0 ? app : other);
                var rest = AnswerTests.Continued(client, told[^1]);
                told.AddRange(random.Next(3) == 0 ? await rest.AllAsync() : await rest.TakeAsync(random.Next(1, 5)));
            }

            told.Lines().Should().Equal(uncut.Lines(), because);
            told[^1].FinishReason.Should().Be(uncut[^1].FinishReason, because);
        }
    }

    /// <summary>Several calls of a model, with what models say, made by a number.</summary>
    private sealed class RandomAnswer(int number)
    {
        private static readonly string[] Pieces = ["Hello", " ", "an end. ", "line\n", "漢字", "😀", "\ud83d", "\ude00", "\"\\"];

        public static ChatOptions Options => new() { AllowBackgroundResponses = true, Tools = [Tool("a", 0), Tool("b", 1), Tool("c", 3)] };

        public IChatClient Client(ChatApp app, bool isSlow = false) => app.Client(new ScriptedChatClient(Calls(isSlow)), invokes: true);

        /// <summary>Functions that run at the same time are done in another order than they were called.</summary>
        private static AIFunction Tool(string name, int delay) => AIFunctionFactory.Create(
            async () =>
            {
                for (var i = 0; i < 3 - delay; i++) await Task.Delay(1);
                return name == "c" ? throw new InvalidOperationException("It fails.") : $"result of {name}";
            },
            name);

        private List<Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>>> Calls(bool isSlow)
        {
            var random = new Random(number);
            var calls = random.Next(1, 4);
            var answers = new List<Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>>>();
            for (var call = 0; call < calls; call++)
            {
                var updates = Updates(random, call, isLast: call == calls - 1);
                answers.Add(ct => SaidAsync(updates, isSlow, ct));
            }

            return answers;
        }

        private static List<ChatResponseUpdate> Updates(Random random, int call, bool isLast)
        {
            var (id, hasIds) = ($"m{call}", random.Next(4) > 0);
            var updates = new List<ChatResponseUpdate>();
            for (var i = random.Next(1, 12); i > 0; i--) updates.Add(Said(Content(random, call, i)));
            if (!isLast)
            {
                string[] names = random.Next(3) == 0 ? ["a"] : random.Next(2) == 0 ? ["a", "b", "c"] : ["b", "unknown", "a"];
                var asked = names.Select(AIContent (name, i) => new FunctionCallContent($"{id}-{i}", name, new Dictionary<string, object?> { ["n"] = i })).ToList();
                if (random.Next(2) == 0) updates.Add(Said([.. asked]));
                else updates.AddRange(asked.Select(each => Said(each)));
            }

            if (random.Next(3) > 0) updates.Add(Said(new UsageContent(new UsageDetails { InputTokenCount = call + 1, OutputAudioTokenCount = 5, AdditionalCounts = new() { ["x"] = 2 } })));
            updates.Add(new ChatResponseUpdate { MessageId = hasIds ? id : null, FinishReason = isLast ? ChatFinishReason.Stop : ChatFinishReason.ToolCalls });
            return updates;

            ChatResponseUpdate Said(params AIContent[] contents) => new(ChatRole.Assistant, contents) { MessageId = hasIds ? id : null, ResponseId = hasIds ? $"r{call}" : null };
        }

        private static AIContent Content(Random random, int call, int i) => random.Next(14) switch
        {
            < 7 => new TextContent(Pieces[random.Next(Pieces.Length)]),
            < 9 => new TextReasoningContent(Pieces[random.Next(Pieces.Length)]),
            9 => new TextReasoningContent(random.Next(2) == 0 ? null : "so") { ProtectedData = $"sealed{call}{i}" },
            10 => new DataContent(new byte[] { (byte)i, 255 }, "image/png") { Name = "dot.png" },
            11 => new ErrorContent($"Error {i}.") { ErrorCode = "e" },
            12 => new McpServerToolCallContent($"p{call}-{i}", "search", "docs") { Arguments = new Dictionary<string, object?> { ["q"] = "oak" } },
            _ => new TextContent("cited ") { Annotations = [new CitationAnnotation { Title = $"T{call}-{i}", AnnotatedRegions = [new TextSpanAnnotatedRegion { StartIndex = 0, EndIndex = 5 }] }] },
        };

        private static async IAsyncEnumerable<ChatResponseUpdate> SaidAsync(List<ChatResponseUpdate> updates, bool isSlow, [EnumeratorCancellation] CancellationToken ct)
        {
            foreach (var update in updates)
            {
                if (isSlow) await Task.Delay(1, ct);
                else await Task.Yield();
                yield return update;
            }
        }
    }
}
