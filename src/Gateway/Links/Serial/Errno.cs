namespace Gateway.Links.Serial;

/// <summary>The error numbers of Linux that ports and sockets give a meaning to.</summary>
internal static class Errno
{
    public const int OperationNotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int NoSuchAddress = 6;
    public const int TryAgain = 11;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int NoDevice = 19;
    public const int NotADirectory = 20;
    public const int IsADirectory = 21;
    public const int InvalidArgument = 22;
    public const int NotATerminal = 25;
    public const int InProgress = 115;
}
