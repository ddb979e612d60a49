import { z } from 'zod';

/** Languages that every text exists in. Voice messages know more (see the voice feature when it lands). */
export const locales = ['en', 'fr'] as const;
export type Locale = (typeof locales)[number];
export const localeSchema = z.enum(locales).meta({ description: 'Language of texts and mails.' });
