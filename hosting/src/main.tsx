import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/shell.css';
import { App } from './app.tsx';
import { finishWipe, wipeAndReload } from './auth/leave.ts';
import { startSession, turnOnAppCheck } from './auth/session.ts';
import { loadConfig } from './config.ts';
import type { RuntimeConfig } from './config.ts';
import { LanguageProvider } from './i18n/language.tsx';
import { chooseLanguage, loadMessages } from './i18n/messages.ts';
import { preloadRoom } from './rooms.ts';
import { RuntimeConfigContext } from './runtime-config.ts';
import { registerOffline } from './shell/new-version.ts';

const reloadedKey = 'dotm.reloaded';

/** After a release an old tab may ask for files that are gone: one reload brings the new ones; a second would be a loop. */
addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem(reloadedKey) ?? 0);
  if (!navigator.onLine || Date.now() - last < 60_000) return;
  event.preventDefault();
  sessionStorage.setItem(reloadedKey, String(Date.now()));
  location.reload();
});

function makeQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The client retries by itself and knows which failures are worth it.
      queries: { retry: false, staleTime: 2000, gcTime: 30 * 60_000 },
    },
  });
}

function turnOnChecks(config: RuntimeConfig): void {
  const siteKey = config.appCheckSiteKey;
  if (siteKey === null) return;
  const loading = import('./auth/app-check.ts').then((module) => {
    module.startAppCheck(config, siteKey);
    return module;
  });
  turnOnAppCheck(() => loading);
}

async function start(root: HTMLElement): Promise<void> {
  preloadRoom(location.pathname);
  const likely = chooseLanguage(location.search, navigator.languages, false);
  const [config, likelyMessages] = await Promise.all([loadConfig(), loadMessages(likely)]);
  // The pseudo-language exists in development only, and what development is, only the config says.
  const language = chooseLanguage(location.search, navigator.languages, config.emulators !== null);
  const messages = language === likely ? likelyMessages : await loadMessages(language);

  const queries = makeQueries();
  turnOnChecks(config);
  startSession(config, () => wipeAndReload(queries, config));
  await finishWipe(config);
  createRoot(root).render(
    <RuntimeConfigContext value={config}>
      <QueryClientProvider client={queries}>
        <LanguageProvider language={language} messages={messages}>
          <BrowserRouter>
            <App />
          </BrowserRouter>
        </LanguageProvider>
      </QueryClientProvider>
    </RuntimeConfigContext>,
  );
  // Without it the app works, only not offline.
  registerOffline().catch(() => undefined);
}

/** Nothing could be fetched, not even the texts: the two languages side by side, and a way to try again. */
function showFailure(root: HTMLElement): void {
  const box = document.createElement('main');
  const text = document.createElement('p');
  text.textContent = 'DOTM cannot start: no connection. · DOTM ne peut pas démarrer : pas de connexion.';
  const again = document.createElement('button');
  again.className = 'button';
  again.textContent = 'Try again · Réessayer';
  again.addEventListener('click', () => location.reload());
  box.append(text, again);
  root.replaceChildren(box);
}

const root = document.getElementById('root');
if (root) {
  start(root).catch((error: unknown) => {
    console.error('the app could not start', error);
    showFailure(root);
  });
}
