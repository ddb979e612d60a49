import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEndUserId, readEndUserWithEmail, readLine, readList, readPlans, readUserPlans } from './assumed.ts';

// As in facts about the wire: a line while its number is pending.
const pendingLine = {
  lineId: '5b0c2f0e-7f0b-4c53-9a35-0c8a5c7d1e11',
  status: 'PENDING',
  lineType: 'LINE_TYPE_MOBILITY',
  createdTs: '2025-07-23T04:59:05Z',
  endUserId: 'c1c2f0e5-0000-4c53-9a35-0c8a5c7d1e11',
  sim: {
    simType: 'EMBEDDED',
    iccid: '8910650000000000005F',
    activationCode: '1$consumer.e-sim.global$OX000000000000000000000',
    activationUrl: 'LPA:1$consumer.e-sim.global$OX000000000000000000000',
    countryCode: 'US',
  },
  phoneNumbers: [{}],
  ocsType: 'OCSTYPE_MATRIXX',
};

describe('readLine', () => {
  it('reads the line that was seen: one empty object means that the number is pending', () => {
    expect(readLine(pendingLine)).toEqual({
      lineId: pendingLine.lineId,
      endUserId: pendingLine.endUserId,
      status: 'PENDING',
      iccid: '8910650000000000005F',
      activationUrl: 'LPA:1$consumer.e-sim.global$OX000000000000000000000',
      phoneNumber: null,
      countryCode: 'US',
      createdAt: new Date('2025-07-23T04:59:05Z'),
    });
  });

  it.each(['+12125550123', '12125550123', '2125550123'])('reads the number %s in E.164', (phoneNumber) => {
    expect(readLine({ ...pendingLine, phoneNumbers: [{ phoneNumber }] })?.phoneNumber).toBe('+12125550123');
  });

  it('keeps a status that nobody has seen yet', () => {
    expect(readLine({ ...pendingLine, status: 'in_service' })?.status).toBe('IN_SERVICE');
  });

  it('takes a bare line: everything but its id may come later', () => {
    expect(readLine({ lineId: 'l' })).toEqual({
      lineId: 'l',
      endUserId: null,
      status: 'UNKNOWN',
      iccid: null,
      activationUrl: null,
      phoneNumber: null,
      countryCode: null,
      createdAt: null,
    });
  });

  it('says null of what is no line and never throws', () => {
    fc.assert(fc.property(fc.jsonValue(), (json) => void readLine(json)));
    for (const json of [undefined, null, [], 'line', {}, { lineId: 7 }]) expect(readLine(json)).toBeNull();
  });

  it('never throws on a line whose parts have other shapes', () => {
    const part = fc.jsonValue();
    fc.assert(
      fc.property(part, part, part, part, (sim, phoneNumbers, createdTs, status) => {
        expect(readLine({ lineId: 'l', sim, phoneNumbers: [phoneNumbers], createdTs, status })?.lineId).toBe('l');
      }),
    );
  });
});

describe('readList', () => {
  it('takes an answer without any key for an empty list, as the carrier leaves out what is empty', () => {
    expect(readList({}, 'lines')).toEqual([]);
    expect(readList({ lines: [] }, 'lines')).toEqual([]);
  });

  it('does not take an unknown shape for an empty list: that would make a second line', () => {
    for (const json of [undefined, null, 'x', { data: [] }, { lines: null }, { lines: {} }]) {
      expect(readList(json, 'lines')).toBeNull();
    }
  });
});

describe('end users', () => {
  it('are known by endUserId, id or userId, in this order', () => {
    expect(readEndUserId({ endUserId: 'a', id: 'b' })).toBe('a');
    expect(readEndUserId({ userId: 'c', id: 'b' })).toBe('b');
    expect(readEndUserId({ userId: 'c' })).toBe('c');
    expect(readEndUserId({})).toBeNull();
  });

  it('are adopted only by their own address, letter case ignored', () => {
    const endUsers = [
      { email: 'bada@example.com', endUserId: 'x' },
      { endUserId: 'y' },
      { email: 'Ada@Example.com', endUserId: 'a' },
    ];
    expect(readEndUserWithEmail({ endUsers }, 'ada@example.com')).toBe('a');
    expect(readEndUserWithEmail({ users: endUsers }, 'ADA@example.com')).toBe('a');
    expect(readEndUserWithEmail({ endUsers }, 'eve@example.com')).toBeNull();
  });
});

describe('plans', () => {
  it('of a SIM are read by name', () => {
    expect(readUserPlans({ userPlans: [{ planDisplayName: 'Starter' }, {}] })).toEqual([{ name: 'Starter' }]);
  });

  it('of the brand are read by id; one without a name is called by its id', () => {
    const plans = [{ planId: 'p1', displayName: 'Starter' }, { id: 'p2' }, { name: 'no id' }];
    expect(readPlans({ plans })).toEqual([
      { planId: 'p1', name: 'Starter' },
      { planId: 'p2', name: 'p2' },
    ]);
  });
});
