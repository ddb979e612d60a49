import type { Handler } from '../../platform/operations.ts';
import { answerMessage } from './answer-message.ts';

/** The message that the caller hears next, as far as it is recorded. */
export const getCurrentMessage: Handler<'getCurrentMessage'> = async (context, input) => ({
  message: await answerMessage(context, input, { choose: false }),
});
