namespace FirmwareSim;

/// <summary>Runs work that blocks on a thread of its own, never on one of the pool.</summary>
internal static class OwnThread
{
    /// <summary>Ends when the work ends; a failure of the work is a failure of the task.</summary>
    public static Task RunAsync(string name, Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(Run) { IsBackground = true, Name = name }.Start();
        return done.Task;

        void Run()
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (IOException failure)
            {
                done.SetException(failure);
            }
        }
    }
}
