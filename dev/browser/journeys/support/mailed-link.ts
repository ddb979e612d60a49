import { PROJECT_ID } from '../../../environment.ts';
import { testWorld } from '../../test-world.ts';
import { eventually } from './eventually.ts';

interface MailedCode {
  email: string;
  requestType: string;
  oobLink: string;
}

/** Waits for a link that Firebase mails to an address (`VERIFY_EMAIL`, `EMAIL_SIGNIN`, `PASSWORD_RESET`), and gives the newest. */
export function mailedLink(email: string, requestType: string): Promise<string> {
  return eventually(`a link ${requestType} to ${email}`, async () => {
    const response = await fetch(`${testWorld().urls.auth}/emulator/v1/projects/${PROJECT_ID}/oobCodes`);
    const { oobCodes } = (await response.json()) as { oobCodes: MailedCode[] };
    return oobCodes.findLast((code) => code.email === email && code.requestType === requestType)?.oobLink;
  });
}
