import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { isQuiet } from '../alarms';
import type { Console } from '../session';
import { knownZone } from '../format';
import { catalogues, LangContext, pick, savedLang, saveLang, useWords, type Lang } from '../i18n';
import { AnchorContext, useSample } from '../now';
import { streamState, type State } from '../state';
import { useStore, type Store } from '../store';
import { AlarmWall } from './AlarmWall';
import { Banners } from './Banners';
import { Devices } from './Devices';
import { Figures } from './Figures';
import { SignIn } from './SignIn';
import { StoreContext } from './StoreContext';
import { System } from './System';
import { ZoneContext } from './Times';
import { TopBar } from './TopBar';

const HOOK = { live: 'live', behind: 'behind', starting: 'down', reconnecting: 'down', signedOut: 'down' } as const;

export function App({ store, console }: { store: Store; console: Console }) {
  const state = useStore(store);
  const [lang, setLang] = useState<Lang>(savedLang);
  const anchor = useMemo(() => () => store.get().anchor, [store]);
  useTitle(state, lang);
  const switchLang = (next: Lang) => {
    saveLang(next);
    setLang(next);
  };

  return (
    <StoreContext.Provider value={store}>
      <LangContext.Provider value={lang}>
        <AnchorContext.Provider value={anchor}>
          <ZoneContext.Provider value={knownZone(state.site?.site.timeZone ?? 'UTC')}>
            <Page state={state}>
              <a class="skip" href="#main">{catalogues[lang].toContent}</a>
              <div class="head">
                <TopBar state={state} console={console} onLang={switchLang} />
                <Banners state={state} />
              </div>
              <main id="main" tabIndex={-1}><Content state={state} console={console} /></main>
            </Page>
          </ZoneContext.Provider>
        </AnchorContext.Provider>
      </LangContext.Provider>
    </StoreContext.Provider>
  );
}

/** Looks at the stream each second by itself; its children are the same nodes, so they are not redrawn with it. */
function Page({ state, children }: { state: State; children: ComponentChildren }) {
  const stream = streamState(state, useSample());
  const stale = state.site !== null && (stream === 'behind' || stream === 'reconnecting');
  return <div class={`page ${stale ? 'stale' : ''}`} data-testid="page" data-stream={HOOK[stream]}>{children}</div>;
}

function Content({ state, console }: { state: State; console: Console }) {
  const words = useWords();
  const { gate, site, session } = state;
  if (gate.kind === 'signIn' || gate.kind === 'setup') return <SignIn gate={gate} session={session} console={console} />;
  if (gate.kind === 'redeeming') return <p class="waiting">{words.signIn.redeeming}</p>;
  if (site === null) return <p class="waiting">{words.loading}</p>;
  return (
    <>
      <Figures compliance={site.compliance} />
      <div class="columns">
        <AlarmWall state={state} role={session?.role ?? null} />
        <Devices alarms={state.alarms} devices={state.devices} unregistered={state.unregistered} />
      </div>
      <System site={site} seq={state.seq} />
    </>
  );
}

function useTitle(state: State, lang: Lang): void {
  const open = [...state.alarms.values()].filter((a) => !isQuiet(a)).length;
  const name = state.site === null ? catalogues[lang].product : pick(state.site.site.name, lang);
  useEffect(() => {
    document.title = open > 0 ? `(${open}) ${name}` : name;
    document.documentElement.lang = catalogues[lang].htmlLang;
  }, [open, name, lang]);
}
