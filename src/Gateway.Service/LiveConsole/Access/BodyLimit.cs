using Microsoft.AspNetCore.Http.Metadata;

namespace Gateway.Service.LiveConsole.Access;

/// <summary>Tells routing how large a body may be.</summary>
internal sealed class BodyLimit(long bytesMax) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytesMax;
}
