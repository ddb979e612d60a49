import { createContext, use } from 'react';
import type { DraftForm, FieldKey } from './draft-form.ts';

/** What the fields of the editor share. */
export interface Editing {
  form: DraftForm;
  readOnly: boolean;
  /** Changes the form; `key` names the field, whose problem then counts as seen to. */
  update: (key: FieldKey, change: (form: DraftForm) => DraftForm) => void;
  /** What is wrong with a field, in words; null where nothing is. */
  problemOf: (key: FieldKey) => string | null;
  /** All that is wrong with fields whose names begin so, without those that have a place of their own. */
  problemsOf: (prefix: string) => string[];
}

/** The draft that is being edited, for its fields. */
export const EditingContext = createContext<Editing | null>(null);

/** Gives a field its draft. Throws outside of an editor. */
export function useEditing(): Editing {
  const editing = use(EditingContext);
  if (!editing) throw new Error('a field of a draft stands outside of its editor');
  return editing;
}

/** Changes the entry of a list that `is` meant. */
export function changeOne<T>(list: readonly T[], is: (entry: T) => boolean, change: Partial<T>): T[] {
  return list.map((entry) => (is(entry) ? { ...entry, ...change } : entry));
}
