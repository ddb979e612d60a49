import type { Handler } from '../../platform/operations.ts';
import { answerMessage } from './answer-message.ts';

/** A message in the language and voice that the caller chooses with it. */
export const generateMessage: Handler<'generateMessage'> = async (context, input) => ({
  message: await answerMessage(context, input, { choose: true }),
});
