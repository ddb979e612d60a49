import type { VoiceLanguage } from './languages.ts';
import ar from './texts/ar.json' with { type: 'json' };
import cs from './texts/cs.json' with { type: 'json' };
import da from './texts/da.json' with { type: 'json' };
import de from './texts/de.json' with { type: 'json' };
import el from './texts/el.json' with { type: 'json' };
import en from './texts/en.json' with { type: 'json' };
import es from './texts/es.json' with { type: 'json' };
import fi from './texts/fi.json' with { type: 'json' };
import fil from './texts/fil.json' with { type: 'json' };
import fr from './texts/fr.json' with { type: 'json' };
import he from './texts/he.json' with { type: 'json' };
import hi from './texts/hi.json' with { type: 'json' };
import hu from './texts/hu.json' with { type: 'json' };
import id from './texts/id.json' with { type: 'json' };
import it from './texts/it.json' with { type: 'json' };
import ja from './texts/ja.json' with { type: 'json' };
import ko from './texts/ko.json' with { type: 'json' };
import ms from './texts/ms.json' with { type: 'json' };
import nl from './texts/nl.json' with { type: 'json' };
import no from './texts/no.json' with { type: 'json' };
import pl from './texts/pl.json' with { type: 'json' };
import pt from './texts/pt.json' with { type: 'json' };
import ro from './texts/ro.json' with { type: 'json' };
import ru from './texts/ru.json' with { type: 'json' };
import sv from './texts/sv.json' with { type: 'json' };
import th from './texts/th.json' with { type: 'json' };
import tr from './texts/tr.json' with { type: 'json' };
import uk from './texts/uk.json' with { type: 'json' };
import vi from './texts/vi.json' with { type: 'json' };
import zh from './texts/zh.json' with { type: 'json' };

/** The id of a message, typed from the English file: a language that lacks one fails the type check. */
export type MessageId = keyof typeof en.messages;

/** What a message is for. A new member hears `welcome`, then each `tip`, then each `update`. */
export type MessageKind = 'welcome' | 'tip' | 'update';

/** Everything that is said in one language. */
export interface VoiceTexts {
  /** Rises whenever a text changes, so that what was heard before is not taken for what is said now. */
  readonly version: number;
  /** `named` has {name} once: put it in as it is, no language inflects it. */
  readonly greeting: { readonly named: string; readonly plain: string };
  /** How many messages wait, in ICU MessageFormat with the argument `count`. */
  readonly more: string;
  /** Sentences of each message. Sentence n says the same in every language: listening goes on there when the language changes. */
  readonly messages: Readonly<Record<MessageId, readonly string[]>>;
}

const texts: Readonly<Record<VoiceLanguage, VoiceTexts>> = {
  ar,
  cs,
  da,
  de,
  el,
  en,
  es,
  fi,
  fil,
  fr,
  he,
  hi,
  hu,
  id,
  it,
  ja,
  ko,
  ms,
  nl,
  no,
  pl,
  pt,
  ro,
  ru,
  sv,
  th,
  tr,
  uk,
  vi,
  zh,
};

/** The messages in the order in which they are heard: the welcome, the tips, the updates. */
export const messageIds = Object.keys(en.messages) as readonly MessageId[];

/** Says whether a text is the id of one of our messages. */
export function isMessageId(text: string): text is MessageId {
  return Object.hasOwn(en.messages, text);
}

/** Gives everything that is said in a language. */
export function textsOf(language: VoiceLanguage): VoiceTexts {
  return texts[language];
}

/** Says what a message is for. */
export function kindOf(id: MessageId): MessageKind {
  if (id === 'welcome') return 'welcome';
  return id.startsWith('tip-') ? 'tip' : 'update';
}
