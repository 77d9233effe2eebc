using System.Net;
using Gateway.Access;
using Gateway.Service.LiveConsole.Access;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.LiveConsole.Tests.Access;

public class SignInThrottleTests
{
    [Fact]
    public async Task An_unknown_account_and_a_wrong_password_get_the_same_answers()
    {
        await using var console = await RunningConsole.StartAsync();
        await console.AddAsync("lin", Role.Crew);
        using var client = console.Client();
        var wrong = await client.SignInAsync("lin", "not this one");
        var unknown = await client.SignInAsync("ghost", "not this one");
        Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (wrong.Status, wrong.ContentType));
        Assert.Equal((wrong.Status, wrong.Text), (unknown.Status, unknown.Text));
    }

    [Fact]
    public async Task An_unknown_account_costs_the_time_of_a_wrong_password()
    {
        const int iterations = 300_000;
        await using var console = await RunningConsole.StartAsync(new() { PasswordIterations = iterations });
        await console.Engine.WriteAsync((state, nowMs) => AccountSteps.Add(state, nowMs, "test", "lin", Role.Crew, PasswordHash.OfNobody(iterations)));
        using var client = console.Client();
        var wrong = await QuickestAsync("lin");
        var unknown = await QuickestAsync("ghost");
        // Without the work the answer comes a hundred times sooner.
        Assert.InRange(unknown / wrong, 0.3, 3);

        async Task<double> QuickestAsync(string user)
        {
            var quickest = TimeSpan.MaxValue;
            for (int i = 0; i < 4; i++)
            {
                console.Clock.Advance(TimeSpan.FromHours(1));
                long from = TimeProvider.System.GetTimestamp();
                Assert.Equal(HttpStatusCode.Unauthorized, (await client.SignInAsync(user, "not this one")).Status);
                var took = TimeProvider.System.GetElapsedTime(from);
                if (took < quickest) quickest = took;
            }
            return quickest.TotalMilliseconds;
        }
    }

    [Fact]
    public async Task After_five_failures_even_the_right_password_must_wait()
    {
        await using var console = await RunningConsole.StartAsync();
        await console.AddAsync("lin", Role.Crew);
        using var client = console.Client();
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.SignInAsync("lin", "not this one")).Status);
            if (i == 4) console.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        var answer = await client.SignInAsync("lin", People.Password);
        Assert.Equal((HttpStatusCode.TooManyRequests, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
        console.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await client.SignInAsync("lin", People.Password)).Status);
    }

    [Fact]
    public async Task Guesses_sent_at_once_get_no_more_tries_than_guesses_sent_in_turn()
    {
        // Long enough that all of them have asked before the first is answered.
        const int iterations = 100_000;
        await using var console = await RunningConsole.StartAsync(new() { PasswordIterations = iterations });
        await console.Engine.WriteAsync((state, nowMs) => AccountSteps.Add(state, nowMs, "test", "lin", Role.Crew, PasswordHash.OfNobody(iterations)));
        using var client = console.Client();
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => client.SignInAsync("lin", "not this one")));
        Assert.InRange(answers.Count(a => a.Status == HttpStatusCode.Unauthorized), 1, SignInThrottle.FreeFailures);
        Assert.All(answers, a => Assert.True(a.Status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task One_password_is_worked_on_at_a_time_and_few_wait_for_it()
    {
        using var work = new PasswordWork();
        var seat = await work.EnterAsync(PasswordHash.IterationsNow, default);
        var waiting = Enumerable.Range(0, 8).Select(_ => work.EnterAsync(PasswordHash.IterationsNow, default)).ToList();
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        Assert.Null(await work.EnterAsync(1, default));
        seat!.Dispose();
        foreach (var next in waiting) (await next)!.Dispose();
        Assert.NotNull(await work.EnterAsync(1, default));
    }

    [Fact]
    public async Task Failures_stand_in_the_audit_once_a_minute_with_their_number_and_without_what_was_typed()
    {
        await using var console = await RunningConsole.StartAsync();
        await console.AddAsync("lin", Role.Crew);
        using var client = console.Client();
        await client.SignInAsync("lin", "not this one");
        await client.SignInAsync("lin", "not this one");
        await client.SignInAsync("lin", "nor this one");
        await client.SignInAsync("my-password-in-the-wrong-field", "not this one");
        Assert.Equal(["lin session.refused lin: 1 from 127.0.0.1", "unknown session.refused -: 1 from 127.0.0.1"], await console.AuditAsync());
        console.Clock.Advance(TimeSpan.FromMinutes(1));
        await console.Services.GetRequiredService<AccessHouse>().SweepAsync();
        Assert.Equal("lin session.refused lin: 2 from 127.0.0.1", (await console.AuditAsync())[^1]);
        Assert.Equal(3, (await console.AuditAsync()).Count);
    }

    [Fact]
    public async Task The_sweep_removes_what_has_expired()
    {
        await using var console = await RunningConsole.StartAsync();
        using var client = await console.SignedInAsync("lin", Role.Crew);
        var reader = console.Services.GetRequiredService<Store.StateReader>();
        console.Clock.Advance(TimeSpan.FromHours(12));
        Assert.True(reader.AnyExpired(console.Clock.NowMs));
        await console.Services.GetRequiredService<AccessHouse>().SweepAsync();
        Assert.False(reader.AnyExpired(console.Clock.NowMs));
    }
}
