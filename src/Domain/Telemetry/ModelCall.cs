using System.Diagnostics;

namespace EventSourcedStreams.Domain;

/// <summary>One run of a source: its span, and where a model speaks, what OpenTelemetry's conventions for generative AI
/// ask for.</summary>
internal sealed class ModelCall
{
    private readonly StreamTelemetry telemetry;
    private readonly string source;
    private readonly string? provider;
    private readonly string? model;
    private readonly TimeSpan startedAt;
    private readonly Activity? span;
    private bool hasText;

    /// <param name="model">Null: the source is no model, and only its span is told.</param>
    public ModelCall(StreamTelemetry telemetry, StreamId stream, string source, string? provider, string? model)
    {
        (this.telemetry, this.source, this.model) = (telemetry, source, model);
        this.provider = GenAi.ProviderOf(provider);
        startedAt = telemetry.Now;
        span = model is null ? StreamTracing.StartSource(stream, source) : GenAi.StartChat(stream, source, this.provider, provider, model);
    }

    /// <param name="now">Monotonic.</param>
    public void FirstTextCame(TimeSpan now)
    {
        hasText = true;
        span?.AddEvent(new ActivityEvent("first text"));
        if (model is not null) telemetry.Metrics.ModelFirstChunk.Record((now - startedAt).TotalSeconds, Labels());
    }

    /// <summary>The source has returned.</summary>
    public void Completed(string? finishReason, string? usage)
    {
        if (model is not null) Tell(finishReason, TokenUsage.Of(usage));
        StreamTracing.End(span);
    }

    /// <summary>It has thrown, or was stopped.</summary>
    /// <param name="kind">A code, or a type's name; never an exception's own words.</param>
    public void Failed(string kind)
    {
        span.Fail(BoundedNames.Clean(kind));
        StreamTracing.End(span);
        if (model is null) return;
        var labels = Labels();
        labels.Add("error.type", telemetry.Metrics.Labels.Codes.Admit(kind));
        telemetry.Metrics.ModelDuration.Record((telemetry.Now - startedAt).TotalSeconds, labels);
    }

    private void Tell(string? finishReason, TokenUsage used)
    {
        if (finishReason is not null) span?.SetTag("gen_ai.response.finish_reasons", new[] { BoundedNames.Clean(finishReason) });
        Tell(used.Input, "input");
        Tell(used.Output, "output");
        telemetry.Metrics.ModelDuration.Record((telemetry.Now - startedAt).TotalSeconds, Labels());
    }

    private void Tell(long? count, string type)
    {
        if (count is not { } tokens) return;
        span?.SetTag($"gen_ai.usage.{type}_tokens", tokens);
        var labels = Labels();
        labels.Add("gen_ai.token.type", type);
        telemetry.Metrics.ModelTokenUsage.Record(tokens, labels);
    }

    /// <summary>A model or a provider that has said nothing yet may be one that there is not.</summary>
    private TagList Labels()
    {
        var names = telemetry.Metrics.Labels;
        return new TagList
        {
            { "gen_ai.operation.name", GenAi.Operation },
            { "gen_ai.provider.name", hasText ? names.Providers.Admit(provider) : names.Providers.Find(provider) },
            { "gen_ai.request.model", hasText ? names.Models.Admit(model) : names.Models.Find(model) },
        };
    }
}
