import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { installLinks } from './install-links.ts';

const oxio = 'LPA:1$consumer.e-sim.global$OX000000000000000000000';

describe('installLinks', () => {
  it('carries the code percent-encoded to the set-up pages of Apple and Android', () => {
    expect(installLinks(oxio)).toEqual({
      apple:
        'https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA%3A1%24consumer.e-sim.global%24OX000000000000000000000',
      android:
        'https://esimsetup.android.com/esim_qrcode_provisioning?carddata=LPA%3A1%24consumer.e-sim.global%24OX000000000000000000000',
    });
  });

  it('gives the phone exactly the code that went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(new URL(installLinks(text).apple).searchParams.get('carddata')).toBe(text);
      }),
    );
  });
});
