using Microsoft.Extensions.Options;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Turns what is wrong with options into an error at start, each named by its key in the app's
/// configuration.</summary>
/// <param name="path">What stands before a key and a colon in the app's configuration; empty: nothing.</param>
internal sealed class SectionValidation<TOptions>(string path, Func<TOptions, IEnumerable<string>> errors) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options) =>
        errors(options).Select(error => path.Length == 0 ? error : $"{path}:{error}").ToArray() is { Length: > 0 } wrong
            ? ValidateOptionsResult.Fail(wrong)
            : ValidateOptionsResult.Success;
}
