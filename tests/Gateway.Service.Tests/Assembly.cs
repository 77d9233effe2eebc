// Real processes on real ports with deadlines in seconds: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
