import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatActivationCode, parseActivationCode } from './activation-code.ts';
import type { ActivationCode } from './activation-code.ts';

const oxio = 'LPA:1$consumer.e-sim.global$OX000000000000000000000';

describe('parseActivationCode', () => {
  it('reads the code of a carrier with and without the prefix of a QR code', () => {
    const expected = {
      smdpAddress: 'consumer.e-sim.global',
      matchingId: 'OX000000000000000000000',
      oid: null,
      confirmationCodeRequired: false,
    };
    expect(parseActivationCode(oxio)).toEqual(expected);
    expect(parseActivationCode(oxio.slice(4))).toEqual(expected);
  });

  it('reads the examples of SGP.22: oid, confirmation flag, flag without oid, empty matching id', () => {
    expect(parseActivationCode('1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815$1.3.6.1.4.1.31746$1')).toEqual({
      smdpAddress: 'SMDP.GSMA.COM',
      matchingId: '04386-AGYFT-A74Y8-3F815',
      oid: '1.3.6.1.4.1.31746',
      confirmationCodeRequired: true,
    });
    expect(parseActivationCode('1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815$$1')).toMatchObject({
      oid: null,
      confirmationCodeRequired: true,
    });
    expect(parseActivationCode('1$SMDP.GSMA.COM$04386-AGYFT-A74Y8-3F815$1.3.6.1.4.1.31746')).toMatchObject({
      oid: '1.3.6.1.4.1.31746',
      confirmationCodeRequired: false,
    });
    expect(parseActivationCode('1$SMDP.GSMA.COM$')).toMatchObject({ matchingId: '' });
  });

  it.each([
    ['nothing', ''],
    ['another format', 'LPA:2$consumer.e-sim.global$OX1'],
    ['no matching id field', '1$consumer.e-sim.global'],
    ['a host without a dot', '1$localhost$OX1'],
    ['a host that is a link', '1$https://consumer.e-sim.global$OX1'],
    ['no host', '1$$OX1'],
    ['a flag other than 1', '1$consumer.e-sim.global$OX1$$2'],
    ['a sixth field', '1$consumer.e-sim.global$OX1$$1$x'],
    ['a line break', '1$consumer.e-sim.global$OX1\n'],
    ['a blank', '1$consumer.e-sim.global$OX 1'],
    ['an ICCID', '8910650000000000427F'],
  ])('refuses %s', (_, text) => {
    expect(parseActivationCode(text)).toBeNull();
  });

  const label = fc.stringMatching(/^[a-z\d]{1,8}(-[a-z\d]{1,8})?$/);
  const code: fc.Arbitrary<ActivationCode> = fc.record({
    smdpAddress: fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.')),
    matchingId: fc.stringMatching(/^[A-Z\d-]{0,40}$/),
    oid: fc.option(fc.array(fc.nat(99_999), { minLength: 1, maxLength: 8 }).map((arcs) => arcs.join('.'))),
    confirmationCodeRequired: fc.boolean(),
  });

  it('reads back every code that formatActivationCode writes', () => {
    fc.assert(
      fc.property(code, (it) => {
        expect(parseActivationCode(formatActivationCode(it))).toEqual(it);
      }),
    );
  });

  it('never throws, and what it accepts is written the same way again', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string().map((tail) => `LPA:1$a.b$${tail}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseActivationCode(text);
        if (parsed !== null) expect(parseActivationCode(formatActivationCode(parsed))).toEqual(parsed);
      }),
    );
  });
});
