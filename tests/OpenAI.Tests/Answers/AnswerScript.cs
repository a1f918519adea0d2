using System.Text;
using System.Text.Json;

namespace EventSourcedStreams.OpenAI.Tests.Answers;

/// <summary>
/// An answer as some provider might send it, built from numbers that FsCheck draws and shrinks. It knows what the
/// provider meant: that is what a strict reader shows, which takes only what is complete and only the first field that
/// text stands in.
/// </summary>
internal sealed record AnswerScript(int[] Acts, int Style, int Failure, int Cut, int[] Reads)
{
    private static readonly string[] Words = ["Grüße", ", 世界", " 👋", "\\\"quoted\\\"", "\\n", " ", "\\ud83d\\ude00", "a", "{\\\"not\\\": [json", "data: x", "\\u0000", "[DONE]"];

    private static readonly string[] TextShapes =
    [
        """{"index":0,"delta":{"content":"TEXT"},"finish_reason":REASON}""",
        """{"delta":{"role":"assistant","content":[{"type":"text","text":"TEXT"}]},"finish_reason":REASON}""",
        """{"delta":{"content":[{"type":"thinking","thinking":"hm"},"TEXT"]},"finish_reason":REASON}""",
        """{"delta":{"content":{"text":"TEXT"},"refusal":null},"finish_reason":REASON}""",
        """{"delta":{"content":"","refusal":"TEXT"},"finish_reason":REASON}""",
        """{"index":0,"delta":{"text":"TEXT"},"message":{"content":"TEXT"},"finish_reason":REASON}""",
        """{"index":0,"text":"","delta":"TEXT","finish_reason":REASON}""",
        """{"index":1,"delta":{"content":"another"}},{"index":0,"delta":{"content":"TEXT"},"finish_reason":REASON}""",
    ];

    private static readonly string[] Noise =
    [
        ": comment\n\n", "data:\n\n", "event: ping\ndata: keepalive\n\n", "\n", "id: 7\nretry: 10\n\n", "data: {}\n\n", "data: keep-alive\n\n",
        "event: billing.summary\ndata: {\"cost\":1,\"error\":\"\"}\n\n", "data: {\"choices\":[],\"prompt_filter_results\":[{\"error\":null}]}\n\n",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n", "data: {\"choices\":[],\"usage\":{\"total_tokens\":3}}\n\n",
        "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"},\"finish_reason\":null}],\"error\":{}}\n\n",
    ];

    private static readonly string[] Failures =
    [
        "data: {\"error\":{\"message\":\"luck\"}}\n\n", "event: error\ndata: luck\n\n", "error: luck\n\n", "data: {\"message\":\"luck\",\"code\":500}\n\n",
        "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\n\n", "data: {\"object\":\"error\",\"message\":\"luck\"}\n\n", "data: luck\n\n",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\",\"error\":\"luck\"},\"finish_reason\":\"stop\"}]}\n\n", "{\"error\":\"luck\"}\n",
    ];

    private static readonly string[] Envelopes = ["data: CHUNK\n\n", "data: CHUNK\n", "data:CHUNK\r\n\r\n", "CHUNK\n", "event: message\ndata: CHUNK\n\n", "data: CHUNK\r\r", "DATA:  CHUNK \n\n"];

    public bool IsReasonEverywhere => Style % 5 == 0;

    public bool SaysDone => Style / 5 % 2 == 0;

    public bool HasReason => Style / 10 % 4 != 0;

    public bool HasFailure => Failure < 40;

    /// <summary>Bytes are missing at the end, and the connection breaks there or just ends.</summary>
    public bool IsCut => Cut < 500;

    public bool IsFramed => Cut % 3 != 0;

    /// <summary>What a strict reader shows of the whole answer.</summary>
    public string Text => JsonSerializer.Deserialize<string>($"\"{string.Concat(Acts.Where(IsText).Select(WordOf))}\"")!;

    /// <summary>The provider has done all that it should, so that its answer is a good one.</summary>
    public bool IsSound => !HasFailure && !IsCut && IsFramed && (SaysDone ? HasReason || Text.Length > 0 : HasReason);

    public byte[] Bytes
    {
        get
        {
            var sent = new StringBuilder();
            var failsAt = HasFailure ? Failure % (Acts.Length + 1) : -1;
            for (var at = 0; at < Acts.Length; at++)
            {
                if (at == failsAt) sent.Append(Failures[Failure % Failures.Length]);
                sent.Append(IsText(Acts[at]) ? Chunk(TextShapes[Acts[at] / 7 % TextShapes.Length].Replace("TEXT", WordOf(Acts[at])), IsReasonEverywhere, Acts[at]) : Noise[Acts[at] % Noise.Length]);
            }

            if (failsAt == Acts.Length) sent.Append(Failures[Failure % Failures.Length]);
            if (HasReason) sent.Append(Chunk("""{"index":0,"delta":{},"finish_reason":REASON}""", true, Style));
            if (SaysDone) sent.Append(Style % 2 == 0 ? "data: [DONE]\n\n" : "data:[DONE]");
            var bytes = Encoding.UTF8.GetBytes(sent.ToString());
            return IsCut ? bytes[..(int)((long)bytes.Length * Cut / 500)] : bytes;
        }
    }

    /// <summary>The bytes in reads of drawn sizes.</summary>
    public IEnumerable<byte[]> Pieces
    {
        get
        {
            var (bytes, at, read) = (Bytes, 0, 0);
            while (at < bytes.Length)
            {
                var size = Math.Min(Reads.Length == 0 ? bytes.Length : 1 + Reads[read++ % Reads.Length], bytes.Length - at);
                yield return bytes[at..(at + size)];
                at += size;
            }
        }
    }

    public override string ToString() => $"([{string.Join(", ", Acts)}], {Style}, {Failure}, {Cut}, [{string.Join(", ", Reads)}])";

    private static bool IsText(int act) => act % 3 != 0;

    private static string WordOf(int act) => Words[act / 3 % Words.Length];

    private static string Chunk(string choices, bool hasReason, int envelope) => Envelopes[envelope / 11 % Envelopes.Length]
        .Replace("CHUNK", $$"""{"choices":[{{choices.Replace("REASON", hasReason ? "\"stop\"" : "null")}}]}""");
}
