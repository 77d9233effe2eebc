namespace Gateway.Links.Mqtt.Access;

/// <summary>The rights of one who signed in: two lists of filters. Nobody publishes below <c>$</c>, where the gateway speaks of itself.</summary>
internal sealed class FilterRights(IEnumerable<string> publish, IEnumerable<string> subscribe) : ITopicRights
{
    private readonly TopicFilters _publish = new(publish);
    private readonly TopicFilters _subscribe = new(subscribe);

    public bool MayPublish(ReadOnlySpan<byte> topic) => topic is not [(byte)'$', ..] && _publish.Allow(topic);

    public bool IsSameAs(FilterRights other) => _publish.IsSameAs(other._publish) && _subscribe.IsSameAs(other._subscribe);

    public bool MaySubscribe(string filter) => _subscribe.AllowAll(filter);
}
