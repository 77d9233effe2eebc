namespace Gateway.Store.Sqlite;

/// <summary>Stands between the store and the disk: a simulation refuses, stops the world, or lets others run between two steps. There is none in a running gateway.</summary>
internal interface IDiskWitness
{
    /// <exception cref="StoreException">The disk refuses; the step does not happen.</exception>
    void Before(string path, bool writes);

    /// <summary>The step has happened.</summary>
    void After(string path, bool writes);
}
