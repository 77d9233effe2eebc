namespace Gateway.Protocols.SparkplugB;

/// <summary>The message types of the topic namespace [Sparkplug 3.0 §4.1.3]; N is the edge node itself, D a device behind it.</summary>
public enum SparkplugMessageType : byte { NBirth, NDeath, NData, NCmd, DBirth, DDeath, DData, DCmd, State }
