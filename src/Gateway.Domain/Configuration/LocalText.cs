namespace Gateway.Domain.Configuration;

/// <summary>A text a person reads, in both of the product's languages.</summary>
public sealed record LocalText(string Zh, string En);
