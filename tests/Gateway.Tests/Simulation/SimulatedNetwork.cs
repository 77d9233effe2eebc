using System.Globalization;
using System.IO.Compression;
using System.Net;
using Gateway.Uplink;
using Gateway.Uplink.Sending;

namespace Gateway.Tests.Simulation;

/// <summary>The way to the targets: it takes time, and loses requests and answers as the target's mood has it.</summary>
/// <param name="taken">Told of lines a target took: which way they came, and what they were.</param>
internal sealed class SimulatedNetwork(SimulatedTime time, IReadOnlyList<SimulatedTarget> targets, Random random, Action<SimulatedTarget, string, IReadOnlyList<string>> taken) : UplinkNetwork
{
    private const int SmallLinesMax = 2;

    public long Requests { get; private set; }

    public override Func<double>? Jitter => random.NextDouble;

    public override HttpMessageHandler Connect(UplinkTargetOptions target, TimeSpan connectLimit) => new Connection(this, targets.First(t => t.Name == target.Name));

    private static List<string> LinesOf(HttpRequestMessage request)
    {
        using var zipped = request.Content!.ReadAsStream();
        using var text = new StreamReader(new GZipStream(zipped, CompressionMode.Decompress));
        return [.. text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private sealed class Connection(SimulatedNetwork network, SimulatedTarget target) : HttpMessageHandler
    {
        private Random Random => network.Random;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            network.Requests++;
            var answer = new TaskCompletionSource<HttpResponseMessage>();
            cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
            // The buffer behind it is filled anew for the next request: what is under way is a copy.
            var lines = request.Method == HttpMethod.Post ? LinesOf(request) : null;
            string way = lines is null ? "" : request.Headers.GetValues("X-Gateway-Lane").Single();
            network.Time.In(Random.Next(4), () => Arrive(lines, way, answer));
            return answer.Task;
        }

        private void Arrive(List<string>? lines, string way, TaskCompletionSource<HttpResponseMessage> answer)
        {
            if (!target.Up) answer.TrySetException(new HttpRequestException("connection refused"));
            else if (lines is null) Look(answer);
            else Write(lines, way, answer);
        }

        private void Look(TaskCompletionSource<HttpResponseMessage> answer)
        {
            switch (target.Mood)
            {
                case TargetMood.Hanging: break;
                case TargetMood.Refusing: answer.TrySetException(new HttpRequestException("connection refused")); break;
                case TargetMood.Failing when Random.Next(2) == 0: Answer(answer, HttpStatusCode.InternalServerError, "oops"); break;
                case TargetMood.LosingAnswers when Random.Next(2) == 0: answer.TrySetException(new HttpRequestException("reset")); break;
                default: Answer(answer, target.StartReadable ? HttpStatusCode.OK : HttpStatusCode.NotFound, target.StartReadable ? target.Figures() : "404"); break;
            }
        }

        private void Write(List<string> lines, string way, TaskCompletionSource<HttpResponseMessage> answer)
        {
            switch (target.Mood)
            {
                case TargetMood.Refusing: answer.TrySetException(new HttpRequestException("connection refused")); return;
                case TargetMood.Busy when Random.Next(3) > 0: Answer(answer, Random.Next(2) == 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.TooManyRequests, "busy", retryAfterSeconds: Random.Next(4)); return;
                case TargetMood.Failing when Random.Next(3) > 0: Answer(answer, HttpStatusCode.InternalServerError, "oops"); return;
                case TargetMood.Locked: Answer(answer, HttpStatusCode.Unauthorized, "unauthorized"); return;
                case TargetMood.Small when lines.Count > SmallLinesMax: Answer(answer, HttpStatusCode.RequestEntityTooLarge, "too large"); return;
                case TargetMood.Full when Random.Next(3) > 0:
                    Keep([.. lines.Take(Random.Next(lines.Count))], way);
                    Answer(answer, HttpStatusCode.BadRequest, "{\"error\":\"partial write: write /x: no space left on device dropped=1\"}");
                    return;
                case TargetMood.KeepingHalf when Random.Next(2) == 0:
                    Keep([.. lines.Take(Random.Next(lines.Count + 1))], way);
                    if (Random.Next(2) == 0) answer.TrySetException(new HttpRequestException("reset"));
                    else Answer(answer, HttpStatusCode.InternalServerError, "oops");
                    return;
                case TargetMood.LosingAnswers when Random.Next(2) == 0:
                    Keep(lines, way);
                    answer.TrySetException(new HttpRequestException("reset"));
                    return;
                // Whoever asked has gone by then; it stores them all the same, or not at all.
                case TargetMood.Hanging:
                    long life = target.Started;
                    if (Random.Next(2) == 0) network.Time.In(Random.Next(9_000), () => { if (target.Started == life) Keep(lines, way); });
                    return;
            }
            var (status, body) = target.Judge(lines);
            // InfluxDB 2 is all or nothing here; the others keep the good lines of a bad batch.
            if (status == HttpStatusCode.NoContent || target.Kind != TargetKind.InfluxV2) Keep(lines, way);
            Answer(answer, status, body);
        }

        private void Keep(IReadOnlyList<string> lines, string way)
        {
            target.Take(lines);
            network.Taken(target, way, lines);
        }

        private void Answer(TaskCompletionSource<HttpResponseMessage> answer, HttpStatusCode status, string body, int retryAfterSeconds = 0)
        {
            long life = target.Started;
            network.Time.In(target.Mood == TargetMood.Slow ? Random.Next(6_000) : Random.Next(4), () =>
            {
                if (target.Started != life) answer.TrySetException(new HttpRequestException("reset"));
                else answer.TrySetResult(Response(status, body, retryAfterSeconds));
            });
        }

        private static HttpResponseMessage Response(HttpStatusCode status, string body, int retryAfterSeconds)
        {
            var response = new HttpResponseMessage(status) { Content = new StringContent(body) };
            if (retryAfterSeconds > 0) response.Headers.TryAddWithoutValidation("Retry-After", retryAfterSeconds.ToString(CultureInfo.InvariantCulture));
            return response;
        }
    }

    private SimulatedTime Time => time;

    private Random Random => random;

    private Action<SimulatedTarget, string, IReadOnlyList<string>> Taken => taken;
}
