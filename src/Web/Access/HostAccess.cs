using EventSourcedStreams.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EventSourcedStreams.Web;

/// <summary>Which caller may do what on the ready-made host, by the framework's own authentication and
/// authorization.</summary>
internal static class HostAccess
{
    /// <summary>Passes a request on to the scheme of what it sends.</summary>
    private const string AnyScheme = "Any";

    /// <exception cref="InvalidOperationException">A key of the section <c>Auth</c> is misspelt, or the server would be
    /// open to others.</exception>
    /// <exception cref="OptionsValidationException">A value in it is not as it should be.</exception>
    public static void AddHostAccess(this WebApplicationBuilder builder)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        configuration.AddAccessFile(Console.Out);
        services.AddSingleton<CallerAccess>(provider => new(configuration, provider.GetRequiredService<ILogger<CallerAccess>>()));
        services.AddSingleton<IHttpContextFactory, QueryToken>();

        // It quotes the line of a request that it cannot read, in which a token may stand.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.None);
        services.AddSingleton<StreamTokens>();
        services.AddSingleton<OpenAnswers>();
        services.AddHostedService(provider => provider.GetRequiredService<OpenAnswers>());
        services.AddSingleton<AccessRecord>();
        services.AddSingleton<GrpcAccess>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessRecord>());
        services.Configure<OpenApiOptions>("v1", options => options.AddDocumentTransformer(ApiSecurity.DescribeAsync));
        AddSchemes(services, configuration);
        AddPolicies(services);
    }

    /// <summary>Before the endpoints, and behind all that needs no key.</summary>
    public static void UseHostAccess(this WebApplication app)
    {
        OpenServer.CheckAddresses(app.Services.GetRequiredService<CallerAccess>(), app.Configuration);
        OpenServer.CheckListening(app);
        var answers = app.Services.GetRequiredService<OpenAnswers>();
        app.UseAuthentication();
        app.UseAccessRecord();
        app.Use((http, next) => http.Features.Get<AccessPass>() is { } pass ? answers.WatchAsync(http, pass, next) : next());
        app.UseAuthorization();
    }

    private static void AddSchemes(IServiceCollection services, ConfigurationManager configuration)
    {
        var jwt = configuration.GetSection($"{AuthSection.Name}:{nameof(AuthSection.Jwt)}");
        services.AddAuthentication(AnyScheme)
            .AddPolicyScheme(AnyScheme, null, any => any.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, KeyScheme>(KeyScheme.Name, null)
            .AddJwtBearer(TokenScheme.Name, _ => { })
            .AddJwtBearer(JwtScheme.Name, _ => { });
        services.AddOptions<JwtBearerOptions>(TokenScheme.Name)
            .Configure<StreamTokens, CallerAccess, TimeProvider>(TokenScheme.Configure);
        services.AddOptions<JwtBearerOptions>(JwtScheme.Name)
            .Configure<TimeProvider>((options, time) => JwtScheme.Configure(options, jwt, time));
        services.AddSingleton<IOptionsChangeTokenSource<JwtBearerOptions>>(new ConfigurationChangeTokenSource<JwtBearerOptions>(JwtScheme.Name, jwt));
    }

    private static void AddPolicies(IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationHandler, RightHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler>(_ => new AccessAnswers());
        var policies = services.AddAuthorizationBuilder();
        foreach (var right in StreamRights.All) policies.AddPolicy(right.Policy(), policy => policy.AddRequirements(new RightRequirement(right)));
        policies.SetFallbackPolicy(new AuthorizationPolicy([new RightRequirement(Right: null)], []));
    }

    /// <summary>A key is no JSON Web Token, and of those the server's own say what they are.</summary>
    private static string SchemeOf(HttpContext http)
    {
        var access = http.RequestServices.GetRequiredService<CallerAccess>();
        if (access.IsOpen || Bearer.Of(http.Request) is not { } credential || credential.Count(c => c == '.') != 2) return KeyScheme.Name;
        try
        {
            if (new JsonWebToken(credential).Typ == StreamTokens.Type) return TokenScheme.Name;
            return access.Current.Jwt is null ? KeyScheme.Name : JwtScheme.Name;
        }
        catch (ArgumentException)
        {
            return KeyScheme.Name;
        }
    }
}
