namespace Gateway.Decoding.Forms;

/// <summary>
/// What a device has reported of its alarms and not yet taken back: a message that speaks of one alarm must not deny the others, for rules judge the
/// whole word. One a device; safe for the threads of several connections.
/// </summary>
public sealed class AlarmWords
{
    private readonly Lock _gate = new();
    private readonly IReadOnlyList<AlarmWord> _words;
    private readonly long[] _said;
    private readonly ulong[] _codes;
    private readonly bool[] _known;

    public AlarmWords(IReadOnlyList<AlarmWord> words) => (_words, _said, _codes, _known) = (words, new long[words.Count], new ulong[words.Count], new bool[words.Count]);

    /// <summary>Takes up an alarm that was open before a restart, so that a message about another one does not end it.</summary>
    public void Restore(int slot, int bit)
    {
        lock (_gate)
            for (int word = 0; word < _words.Count; word++)
                if (_words[word].Slot == slot) (_said[word], _known[word]) = (_said[word] | 1L << bit, true);
    }

    /// <summary>Adds what one message says of one word.</summary>
    /// <param name="spoken">Bits on which the message takes a stand.</param>
    /// <param name="raised">Those of them that are set.</param>
    /// <param name="came">Codes that it says have come, each a bit by its place in <see cref="AlarmWord.CodeMasks"/>.</param>
    /// <param name="went">Codes that it says are over; while another code of the same bit stands, so does the bit.</param>
    /// <returns>The word as it now stands.</returns>
    public long Say(int word, long spoken, long raised, ulong came, ulong went)
    {
        lock (_gate)
        {
            long said = _said[word] & ~spoken | raised, standing = 0;
            ulong codes = (_codes[word] | came) & ~went;
            var masks = _words[word].CodeMasks;
            for (int code = 0; code < masks.Length; code++)
            {
                ulong it = 1UL << code;
                if ((went & it) != 0) said &= ~masks[code];
                // What the device says of the whole bit settles the codes it had told of it before.
                if ((came & it) == 0 && (masks[code] & spoken) != 0) codes &= ~it;
                if ((codes & it) != 0) standing |= masks[code];
            }
            (_said[word], _codes[word], _known[word]) = (said, codes, true);
            return said | standing;
        }
    }

    /// <summary>The word as it stands, for a message that does not speak of it; null while nothing is known of it.</summary>
    public long? Recall(int word)
    {
        lock (_gate) return _known[word] ? Say(word, 0, 0, 0, 0) : null;
    }
}
