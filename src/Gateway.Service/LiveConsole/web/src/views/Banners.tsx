// What is wrong with the picture itself, said before anybody trusts it.
import { clockError, elapsed } from '../clock';
import { duration } from '../format';
import { useWords } from '../i18n';
import { useSample } from '../now';
import { streamState, type State } from '../state';

export function Banners({ state }: { state: State }) {
  const words = useWords();
  const at = useSample();
  const stream = streamState(state, at);
  const wrong = stream === 'live' ? clockError(state.anchor, at) : null;
  const silent = state.heardAt === null ? 0 : elapsed(state.heardAt, at);
  const by = wrong === null ? '' : duration(Math.abs(wrong), words.units);
  return (
    <div class="banners" aria-live="polite">
      {stream === 'behind' && <p class="banner banner-behind" data-testid="banner-behind">{words.banner.behind(duration(silent, words.units))}</p>}
      {stream === 'reconnecting' && state.site !== null && <p class="banner banner-behind" data-testid="banner-down">{words.banner.reconnecting}</p>}
      {wrong !== null && (
        <p class="banner banner-clock" data-testid="banner-clock">{wrong > 0 ? words.banner.clockAhead(by) : words.banner.clockSlow(by)}</p>
      )}
    </div>
  );
}
