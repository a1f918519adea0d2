using EventSourcedStreams.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventSourcedStreams.AspNetCore;

/// <summary>Stands around each claim of a stream over HTTP, where a host has quotas for that.</summary>
/// <exception cref="RefusedException">The caller has to wait.</exception>
internal delegate Task<DriveResult> LimitedDrive(HttpContext http, StreamId stream, Func<Task<DriveResult>> drive);

internal static class LimitedDrives
{
    public static Task<DriveResult> DriveAsync(HttpContext http, StreamId stream, Func<Task<DriveResult>> drive) =>
        http.RequestServices.GetService<LimitedDrive>() is { } limited ? limited(http, stream, drive) : drive();
}
