import { toString as drawQr } from 'qrcode';
import { installLinks } from '../../functions/src/shared/install-links.ts';
import { Shopper, type DemoWorld } from './shopper.ts';
import type { Timeline } from './timeline.ts';

/** A member buys data and gets an eSIM, a mail and a reward. Returns whether all of it came. */
export async function showConnected(world: DemoWorld, timeline: Timeline): Promise<boolean> {
  const ada = await Shopper.signUp(world, 'ada');
  timeline.say(`${ada.email} signed up`);
  const orderId = await ada.buy('global_data_10gb', timeline);
  const order = await ada.watch(orderId, ['released', 'installed', 'active'], timeline);
  if (!order?.lineId) {
    timeline.say('NOT connected in time');
    return false;
  }
  const line = await ada.call('getLine', { lineId: order.lineId });
  if (!line.activation) {
    timeline.say('the eSIM has NO activation code');
    return false;
  }
  timeline.say('connected. The eSIM to scan:');
  timeline.show(await drawQr(line.activation.lpa, { type: 'utf8' }));
  const links = installLinks(line.activation.lpa);
  timeline.show(`SM-DP+ address   ${line.activation.smdpAddress}\nMatching id      ${line.activation.matchingId}`);
  timeline.show(`On an iPhone     ${links.apple}\nOn Android       ${links.android}`);
  const mail = await ada.mail(/eSIM/i);
  timeline.say(mail === null ? 'NO mail with the QR code came' : `mail came: "${mail}"`);
  const rewards = await ada.call('getRewards', {});
  timeline.say(`reward pending: ${rewards.pending.amount} DOTM`);
  return mail !== null && rewards.pending.amount !== '0.000000000000000000';
}
