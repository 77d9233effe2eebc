namespace Gateway.Links.Mqtt.Access;

/// <summary>The rights of one who did not say who he is: what the operator's lists allow, without the topics of devices that have a password or certificate.</summary>
/// <param name="taken">The topics of those devices, as of now.</param>
internal sealed class AnonymousRights(FilterRights lists, Func<FilterTree> taken) : ITopicRights
{
    public bool MayPublish(ReadOnlySpan<byte> topic) => lists.MayPublish(topic) && !taken().Matches(topic);

    public bool MaySubscribe(string filter) => lists.MaySubscribe(filter);
}
